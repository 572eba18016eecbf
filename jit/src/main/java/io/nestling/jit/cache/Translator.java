package io.nestling.jit.cache;

import io.nestling.decoder.Isa;
import io.nestling.jit.emit.RegionEmitter;
import io.nestling.jit.emit.RegionEmitter.Placement;
import io.nestling.jit.region.Evidence;
import io.nestling.jit.region.LoopFinder;
import io.nestling.jit.region.Region;
import io.nestling.jit.region.RegionFinder;
import io.nestling.runtime.cpu.Engine.Figure;
import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.interp.Tiering;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CompiledCode;
import io.nestling.runtime.memory.CompiledCode.Tier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;

/** Takes requests from vCPU threads, translates on its own threads, and installs what it made. */
public final class Translator extends Tiering implements AutoCloseable {
    /** The last part of what makes a region hot, in which is seen what else is run near it. */
    private static final int LAST = 4;
    /** Of what is run near a hot region, what is run most is taken in, until no more than this part is left. */
    private static final int LEFT = 32;
    /** Visits of quick regions that retire more instructions than this on the average are loops. */
    private static final int LOOPING = 500;
    /** A branch that was taken less often than this fraction of what makes code warm is held to go on. */
    private static final int RARE = 128;
    /** In the number of visits, what is zero for the last one to be asked whether it went to a page beside. */
    private static final int SAMPLE = 7;
    private static final int QUEUE = 4096;
    /** Instructions for whose sake translated code was left that are worth telling. */
    private static final int LISTED = 12;

    /**
     * How to translate.
     *
     * @param threshold arrivals at an instruction after which it is translated, at least 1
     * @param hotThreshold instructions retired in a region after which, and a quarter of them more, it is translated again for the
     *     optimizing compiler
     * @param regionLimit most instructions of a region, at least 4; the method limit may force less
     * @param synchronous translate on the thread that asks, which then has the translation at once: for tests, whose
     *     runs must repeat
     * @param limit bytes of class files after which all translations are dropped; their machine code takes twice as much
     */
    public record Settings(int threshold, long hotThreshold, int regionLimit, boolean synchronous, long limit) {
        private static final long ROOM = 128L << 20;

        /** What users get. */
        public static final Settings DEFAULT = new Settings(2000, 16_000_000, 160, false);

        /** With the room that users get. */
        public Settings(int threshold, long hotThreshold, int regionLimit, boolean synchronous) {
            this(threshold, hotThreshold, regionLimit, synchronous, ROOM);
        }

        /** The same, but nothing is translated again. */
        public Settings withoutHotTier() {
            return new Settings(threshold, Long.MAX_VALUE, regionLimit, synchronous, limit);
        }
    }

    /**
     * {@code words} is null when a page is to be looked up in the store; {@code beside} when no other page is to be taken
     * into the region; {@code before} when the region is not to be hot.
     */
    private record Request(CodePage page, int version, int[] words, ContentKey key, Beside beside, Tally before) {}

    /**
     * The page before or behind another.
     *
     * @param slot where control went in it
     */
    private record Beside(boolean before, ContentKey key, CompiledCode[] compiled, int[] words, int slot) {}

    private record Entry(CompiledCode code, int[] entries) {}

    private static final CompiledCode[] NOTHING = new CompiledCode[CodePage.SLOTS];
    /** Ends the thread. */
    private static final Request END = new Request(null, 0, null, null, null, null);
    private static final long PATIENCE = 5_000;

    private final Map<ContentKey, Entry> cache = new ConcurrentHashMap<>();
    /** By the key of slot 0: all translations of a page. */
    private final Map<ContentKey, List<Entry>> pages = new ConcurrentHashMap<>();
    /** Tables by the content of pages. */
    private final SharedTables tables = new SharedTables();
    private final TranslationStore store;
    private final BlockingDeque<Request> queue = new LinkedBlockingDeque<>(QUEUE);
    /** Apart, as the JVM takes fifty times as long for a hot region as for a quick one. */
    private final BlockingDeque<Request> hotQueue = new LinkedBlockingDeque<>(QUEUE);
    /** By the key of slot 0: what the store has for a page and nobody has asked for yet. Its own lock. */
    private final Map<ContentKey, List<TranslationStore.Found>> shelf = new HashMap<>();
    private final Settings settings;
    private final List<Thread> threads;
    private final LongAdder regions = new LongAdder();
    private final LongAdder hotRegions = new LongAdder();
    private final LongAdder across = new LongAdder();
    private final LongAdder instructions = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    /** By translation that is about to be hot. */
    private final Map<CompiledCode, Tally> tallies = new ConcurrentHashMap<>();
    private volatile RegionLoader loader = new RegionLoader();
    /** Bytes of class files held. */
    private long held;

    /**
     * Starts the translating threads, unless translation is to be synchronous.
     *
     * @param store translations of other runs, to be closed with the translator; or null
     */
    public Translator(Settings settings, TranslationStore store) {
        super(settings.threshold, settings.hotThreshold);
        this.store = store;
        this.settings = settings;
        threads = List.of(new Thread(this::start, "jit"), new Thread(() -> work(hotQueue), "jit-hot"));
        JvmCompiler.optimize(Interpreter.innermost());
        if (!settings.synchronous) {
            for (Thread t : threads) {
                t.setDaemon(true);
                t.start();
            }
        }
    }

    /** That many threads of vCPUs are about to run: where they leave a processor of the host, the optimizing compiler comes last. */
    public void begin(int threads) {
        if (threads < Runtime.getRuntime().availableProcessors()) {
            Thread.ofPlatform().daemon().name("priority").start(OptimizerPriority::lower);
        }
    }

    @Override
    public void hot(Vcpu c, CodePage page, int slot) {
        request(c, page, slot, Tier.WARM, null, null);
    }

    @Override
    public void hotter(Vcpu c, CodePage page, long base, CompiledCode code) {
        Tally before = tallies.get(code);
        if (before == null) {
            tallies.put(code, new Tally(c, base));
            code.retired -= hotThreshold / LAST;
            code.visits -= code.visits / LAST;
            return;
        }
        long retired = code.retired;
        if (retired / (code.visits + 1) >= Math.min(LOOPING, hotThreshold / 4)) {
            // Long visits end where events are looked at, mostly at the head of the loop where the time goes.
            CompiledCode[] compiled = page.compiled;
            int slot = slot(c.nip);
            if (compiled != null && compiled[slot] == code && c.mmu.fetched(c.nip) == page) {
                // It may ask again for the sake of another loop.
                code.retired = hotThreshold / 2;
                code.visits = 0;
                tallies.remove(code);
                request(c, page, slot, Tier.LOOP, null, before);
                return;
            }
            if (retired - hotThreshold < hotThreshold) {
                // This one has come to its own end: see where the next ones do.
                return;
            }
        }
        Beside beside = beside(c, base);
        if (beside == null && (code.visits & SAMPLE) != 0) {
            // See where some more go.
            return;
        }
        code.retired = Long.MIN_VALUE;
        tallies.remove(code);
        request(c, page, code.start, Tier.HOT, beside, before);
    }

    @Override
    public CompiledCode[] prepare(Vcpu c, CodePage page) {
        int version = c.mmu.codePages().watch(page, c);
        ContentKey key = ContentKey.of(page, version);
        boolean known = tables.give(page, version, key);
        List<Entry> made = pages.get(key);
        if (made != null) {
            for (Entry e : made) {
                reused.increment();
                page.install(version, e.code, e.entries);
            }
        } else if (!known && store != null && store.has(key.high(), key.low())) {
            submit(new Request(page, version, null, key, null, null));
        }
        CompiledCode[] compiled = page.compiled;
        // Another vCPU may have changed the page meanwhile.
        return compiled != null ? compiled : NOTHING;
    }

    /** The page beside a page in its address space, if that is where control has gone. */
    private static Beside beside(Vcpu c, long base) {
        long size = 1L << CodePage.SHIFT;
        boolean before = (c.nip & -size) == base - size;
        CodePage page = before || (c.nip & -size) == base + size ? c.mmu.fetched(c.nip) : null;
        CompiledCode[] compiled = page == null ? null : page.compiled;
        if (compiled == null) {
            return null;
        }
        int version = page.version();
        ContentKey key = ContentKey.of(page, version);
        int[] words = words(page);
        // Only then are these tables those of this content.
        return page.compiled == compiled && page.version() == version ? new Beside(before, key, compiled, words, slot(c.nip)) : null;
    }

    private static int slot(long ea) {
        return (int) (ea >>> 2) & CodePage.SLOTS - 1;
    }

    private static boolean isHot(CompiledCode code) {
        return code != null && code.tier.optimized();
    }

    private static int[] words(CodePage page) {
        int[] words = new int[CodePage.SLOTS];
        Arrays.setAll(words, page::word);
        return words;
    }

    private void request(Vcpu c, CodePage page, int slot, Tier tier, Beside beside, Tally before) {
        boolean hot = tier.optimized();
        int version = c.mmu.codePages().watch(page, c);
        ContentKey key = ContentKey.of(page, version).at(slot, tier);
        Entry known = cache.get(key);
        if (known != null) {
            reused.increment();
            page.install(version, known.code, known.entries);
            return;
        }
        int[] words = words(page);
        if (page.version() == version && !submit(new Request(page, version, words, key, beside, before)) && !hot) {
            // Too busy now: it will be asked for again.
            page.cool(slot);
        }
    }

    private boolean submit(Request request) {
        if (settings.synchronous) {
            serve(request);
            return true;
        }
        // What the store has may spare other requests.
        return request.words == null ? queue.offerFirst(request) : (request.key.tier().optimized() ? hotQueue : queue).offer(request);
    }

    private void serve(Request request) {
        if (request.words == null) {
            load(request);
        } else if (request.beside != null || !fromShelf(request)) {
            translate(request);
        }
    }

    /** Prepares what vCPUs would else have to wait for: the table of instructions, and the hash. Then serves requests. */
    private void start() {
        Isa.rows();
        ContentKey.prepare();
        work(queue);
    }

    private void work(BlockingDeque<Request> requests) {
        try {
            for (Request r = requests.take(); r != END; r = requests.take()) {
                serve(r);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void translate(Request r) {
        CompiledCode[] compiled = r.page.compiled;
        int start = r.key.slot();
        boolean hot = r.key.tier().optimized();
        if (compiled == null || r.page.version() != r.version || !hot && compiled[start] != null
                || r.key.tier() == Tier.HOT && isHot(compiled[start]) || !r.key.fits(r.words)) {
            return;
        }
        Entry known = cache.get(r.key);
        if (known != null) {
            // Asked for twice.
            r.page.install(r.version, known.code, known.entries);
            return;
        }
        try {
            Surroundings page = hot ? surroundings(r.words, compiled, r.before, start) : null;
            Surroundings both = r.beside != null && r.beside.key.fits(r.beside.words) ? surroundings(r, compiled) : null;
            for (int limit = settings.regionLimit; limit >= 4; limit /= 2) {
                Region region = hot ? hotRegion(page, both, limit, r.key.tier() == Tier.LOOP)
                        : RegionFinder.find(r.words, new int[] {start}, limit, s -> compiled[s] != null, evidence(r.page), true);
                TranslationEvent event = FlightRecorder.isInitialized() ? TranslationEvent.begun() : null;
                byte[] code = emit(region, hot);
                Entry entry = code == null ? null : add(r.key, region.ways(), code);
                if (entry != null) {
                    if (region.spans()) {
                        across.increment();
                        entry.code.next = r.beside.compiled;
                    }
                    if (event != null) {
                        event.frame = r.page.frame;
                        event.slot = start;
                        event.hot = hot;
                        event.instructions = region.size();
                        event.size = code.length;
                        event.commit();
                    }
                    (hot ? hotRegions : regions).increment();
                    instructions.add(region.size());
                    r.page.install(r.version, entry.code, entry.entries);
                    if (store != null && !region.spans()) {
                        store.add(r.key, entry.entries, code);
                    }
                    return;
                }
            }
        } catch (RuntimeException | LinkageError e) {
            // The region stays interpreted; nothing is lost but speed.
            failure(e);
        }
    }

    /**
     * What the interpreter has executed of a page is decoded. Where that is not true of a branch, nothing is known: it may be
     * part of a translation that was there from the start.
     */
    private Evidence evidence(CodePage page) {
        long[] ops = page.ops;
        return (from, to) -> ops[from] == 0 || ops[to] != 0 && (to == from + 1 || !rare(page.arrivals(to)));
    }

    private boolean rare(int arrivals) {
        return arrivals >= 0 && arrivals < threshold / RARE;
    }

    private static byte[] emit(Region region, boolean hot) {
        return RegionEmitter.emit(region, hot ? RegionLoader.HOT : RegionLoader.QUICK, hot ? Placement.LOCALS : Placement.MEMORY);
    }

    /**
     * What a hot region may be made of: one page or two.
     *
     * @param starts where to form it, and what else is warm
     */
    private record Surroundings(int[] words, CompiledCode[] compiled, int[] starts) {
        /** Where branches were taken to, warm code can be entered. */
        Evidence seen() {
            return (from, to) -> to == from + 1 || compiled[to] != null;
        }
    }

    /**
     * A hot region takes in what else is run in its page: targets of jump tables, functions called in loops; but not what hardly
     * ever is, whose entries and registers cost all others. What is nearer comes first: what belongs together mostly lies together,
     * and there is not room for everything.
     *
     * @param from the place, and others to be taken in though they may not be warm
     */
    private Surroundings surroundings(int[] words, CompiledCode[] compiled, Tally before, int... from) {
        long[] since = new long[compiled.length];
        for (int slot = 0; slot < since.length; slot++) {
            CompiledCode code = compiled[slot];
            since[slot] = code != null && code.start == slot % CodePage.SLOTS ? before.since(code, hotThreshold) : 0;
        }
        List<Integer> most = IntStream.range(0, since.length).filter(slot -> since[slot] > 0).boxed()
                .sorted(Comparator.comparingLong((Integer slot) -> since[slot]).reversed()).toList();
        long all = LongStream.of(since).sum();
        int n = 0;
        for (long sum = 0; n < most.size() && sum <= all - all / LEFT; n++) {
            sum += since[most.get(n)];
        }
        int[] starts = Stream.concat(IntStream.of(from).boxed(), most.stream().limit(n)).distinct()
                .sorted(Comparator.comparingInt(slot -> Math.abs(slot - from[0]))).mapToInt(slot -> slot).toArray();
        return new Surroundings(words, compiled, starts);
    }

    /** The same, with the page beside. */
    private Surroundings surroundings(Request r, CompiledCode[] compiled) {
        Beside beside = r.beside;
        int own = beside.before ? CodePage.SLOTS : 0;
        int other = CodePage.SLOTS - own;
        int[] words = new int[2 * CodePage.SLOTS];
        System.arraycopy(r.words, 0, words, own, CodePage.SLOTS);
        System.arraycopy(beside.words, 0, words, other, CodePage.SLOTS);
        CompiledCode[] both = new CompiledCode[2 * CodePage.SLOTS];
        System.arraycopy(compiled, 0, both, own, CodePage.SLOTS);
        System.arraycopy(beside.compiled, 0, both, other, CodePage.SLOTS);
        return surroundings(words, both, r.before, r.key.slot() + own, beside.slot + other);
    }

    /**
     * The loops around a place, or what follows it.
     *
     * @param both with the page beside, where control goes on there; else null
     * @param loop true if it is one where much time is spent without leaving the loops around it
     */
    private static Region hotRegion(Surroundings page, Surroundings both, int limit, boolean loop) {
        if (both != null) {
            Region across = LoopFinder.across(both.words, both.starts, limit);
            Region region = across != null ? across : following(both, limit);
            if (region.spans()) {
                return region;
            }
        }
        Region loops = loop ? LoopFinder.find(page.words, page.starts, limit) : null;
        return loops != null ? loops : following(page, limit);
    }

    private static Region following(Surroundings s, int limit) {
        return RegionFinder.find(s.words, s.starts, limit,
                slot -> s.compiled[slot] != null && s.compiled[slot].tier == Tier.LOOP, s.seen(), false);
    }

    /** Defines a translation and makes it known; null when the JVM's compiler finds it too large. */
    private Entry add(ContentKey key, int[] entries, byte[] code) {
        CompiledCode made = loader.define(code);
        made.start = key.slot();
        boolean hot = key.tier().optimized();
        made.tier = key.tier();
        made.retired = hot ? Long.MIN_VALUE : 0;
        if (!JvmCompiler.compile(made, hot ? JvmCompiler.PROFILED : JvmCompiler.SIMPLE)) {
            return null;
        }
        bytes.add(code.length);
        makeRoom(code.length);
        Entry entry = new Entry(made, entries);
        cache.put(key, entry);
        pages.computeIfAbsent(key.at(0, Tier.WARM), k -> new CopyOnWriteArrayList<>()).add(entry);
        return entry;
    }

    /**
     * Drops all translations when there are too many: the JVM unloads classes that nobody refers to, and their machine
     * code. What is still needed is soon made again, or still on the shelf.
     */
    private synchronized void makeRoom(long more) {
        held += more;
        if (held > settings.limit) {
            held = more;
            evictions.increment();
            loader = new RegionLoader();
            cache.clear();
            pages.clear();
            tables.clear();
            tallies.clear();
        }
    }

    /**
     * Puts a page's stored translations on the shelf. That a place was worth translating in another run is no reason to do so
     * sooner in this one: the JVM's compiler, which has to compile it, would be busy with code that is run a few hundred times
     * while other code waits.
     */
    private void load(Request r) {
        List<TranslationStore.Found> found = store.find(r.key.high(), r.key.low());
        synchronized (shelf) {
            shelf.computeIfAbsent(r.key, _ -> new ArrayList<>()).addAll(found);
        }
    }

    /** Takes a translation that can be entered there, or of hot code just that one, from the shelf; null if there is none. */
    private TranslationStore.Found take(ContentKey key) {
        synchronized (shelf) {
            List<TranslationStore.Found> found = shelf.getOrDefault(key.at(0, Tier.WARM), List.of());
            for (TranslationStore.Found f : found) {
                boolean fits = key.tier().optimized() ? f.key().equals(key)
                        : f.key().tier() == Tier.WARM && Arrays.stream(f.entries()).anyMatch(slot -> slot == key.slot());
                if (fits) {
                    found.remove(f);
                    return f;
                }
            }
        }
        return null;
    }

    /** Serves a request with a stored translation if there is one. */
    private boolean fromShelf(Request r) {
        TranslationStore.Found found = take(r.key);
        TranslationStore.Stored s = found == null ? null : store.read(found);
        try {
            Entry entry = s == null ? null : add(s.key(), s.entries(), s.code());
            if (entry != null) {
                stored.increment();
                r.page.install(r.version, entry.code, entry.entries);
                return true;
            }
        } catch (RuntimeException | LinkageError e) {
            failure(e);
        }
        return false;
    }

    /**
     * The region that code at an effective address belongs to, as a vCPU sees it now, or would if it was translated: guest
     * code and bytecode, line by line.
     */
    public List<String> describe(Vcpu c, long ea) {
        CodePage page;
        try {
            page = c.mmu.fetch(ea);
        } catch (GuestFault e) {
            return List.of(String.format("no code at 0x%x in the present context", ea));
        }
        int slot = slot(ea);
        CompiledCode[] compiled = page.compiled;
        CompiledCode code = compiled == null ? null : compiled[slot];
        int start = code == null ? slot : code.start;
        boolean hot = isHot(code);
        int[] words = words(page);
        for (int limit = settings.regionLimit; limit >= 4; limit /= 2) {
            Region region = hot ? hotRegion(new Surroundings(words, compiled, new int[] {start}), null, limit, true)
                    : RegionFinder.find(words, new int[] {start}, limit, s -> false, evidence(page), true);
            byte[] made = emit(region, hot);
            if (made != null) {
                try {
                    return RegionDump.of(region, ea & -4096L, code == null ? "untranslated" : hot ? "hot" : "quick", made);
                } catch (IOException e) {
                    return List.of("the region cannot be shown: " + e.getMessage());
                }
            }
        }
        return List.of();
    }

    private void failure(Throwable e) {
        failed.increment();
        if (Boolean.getBoolean("nestling.jit.debug")) {
            e.printStackTrace();
        }
    }

    /** All counters: translations and where they came from, and why translated code was left. */
    public List<Figure> figures() {
        List<Figure> f = new ArrayList<>();
        f.add(new Figure("jit.regions.quick", "regions", regions.sum()));
        f.add(new Figure("jit.regions.hot", "regions", hotRegions.sum()));
        f.add(new Figure("jit.regions.across", "of two pages", across.sum()));
        f.add(new Figure("jit.regions.from-store", "regions", stored.sum()));
        f.add(new Figure("jit.regions.shared", "times", reused.sum()));
        f.add(new Figure("jit.regions.failed", "regions", failed.sum()));
        f.add(new Figure("jit.evictions", "times", evictions.sum()));
        f.add(new Figure("jit.instructions", "instructions", instructions.sum()));
        f.add(new Figure("jit.bytes", "bytes", bytes.sum()));
        long made = regions.sum() + hotRegions.sum() + stored.sum();
        f.add(new Figure("jit.store.hit-rate", "%", made == 0 ? 0 : 100 * stored.sum() / made));
        f.add(new Figure("jit.retired", "instructions", translated()));
        f.add(new Figure("jit.exits.untranslated", "times", exits(CompiledCode.CONTINUE)));
        f.add(new Figure("jit.exits.events", "times", exits(CompiledCode.CHECK) + exits(CompiledCode.CONTEXT)));
        f.add(new Figure("jit.exits.faults", "times", exits(CompiledCode.FAULT)));
        f.add(new Figure("jit.exits.interpret", "times", exits(CompiledCode.INTERPRET)));
        long[] interpreted = interpreted();
        IntStream.range(0, interpreted.length).boxed().filter(row -> interpreted[row] != 0)
                .sorted(Comparator.comparingLong((Integer row) -> interpreted[row]).reversed()).limit(LISTED)
                .forEach(row -> f.add(new Figure("jit.exits.interpret." + (row == 0 ? "undecoded" : Isa.row(row).name()),
                        "times", interpreted[row])));
        return f;
    }

    /** How often all translations were dropped to make room. */
    public long evictions() {
        return evictions.sum();
    }

    /** Regions that could not be translated for an error of ours. */
    public long failed() {
        return failed.sum();
    }

    @Override
    public void close() {
        for (BlockingDeque<Request> q : List.of(queue, hotQueue)) {
            q.clear();
            q.offer(END);
        }
        try {
            for (Thread t : threads) {
                t.join(PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (store != null) {
            store.close();
        }
    }
}
