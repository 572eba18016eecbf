package io.nestling.jit.cache;

import io.nestling.decoder.Isa;
import io.nestling.jit.emit.RegionEmitter;
import io.nestling.jit.emit.RegionEmitter.Placement;
import io.nestling.jit.region.LoopFinder;
import io.nestling.jit.region.Region;
import io.nestling.jit.region.RegionFinder;
import io.nestling.runtime.cpu.Engine.Figure;
import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Tiering;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CompiledCode;
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

/** Takes requests from vCPU threads, translates on its own threads, and installs what it made. */
public final class Translator extends Tiering implements AutoCloseable {
    /** A quick region that has retired this fraction of what makes a region hot is worth taking into a hot one. */
    private static final int WARM = 200;
    /** Visits of quick regions that retire more instructions than this on the average are loops. */
    private static final int LOOPING = 500;
    private static final int QUEUE = 4096;
    /** Instructions for whose sake translated code was left that are worth telling. */
    private static final int LISTED = 12;

    /**
     * How to translate.
     *
     * @param threshold arrivals at an instruction after which it is translated, at least 1
     * @param hotThreshold instructions retired in a region after which it is translated again for the optimizing compiler
     * @param regionLimit most instructions of a region, at least 4; the method limit may force less
     * @param synchronous translate on the thread that asks, which then has the translation at once: for tests, whose
     *     runs must repeat
     * @param limit bytes of class files after which all translations are dropped; their machine code takes twice as much
     */
    public record Settings(int threshold, long hotThreshold, int regionLimit, boolean synchronous, long limit) {
        private static final long ROOM = 128L << 20;

        /** What users get. */
        public static final Settings DEFAULT = new Settings(2000, 20_000_000, 160, false);

        /** With the room that users get. */
        public Settings(int threshold, long hotThreshold, int regionLimit, boolean synchronous) {
            this(threshold, hotThreshold, regionLimit, synchronous, ROOM);
        }

        /** The same, but nothing is translated again. */
        public Settings withoutHotTier() {
            return new Settings(threshold, Long.MAX_VALUE, regionLimit, synchronous, limit);
        }
    }

    /** {@code words} is null when a page is to be looked up in the store. */
    private record Request(CodePage page, int version, int[] words, ContentKey key, Kind kind) {}

    /** What a translation is for. */
    private enum Kind {
        /** Warm code. */
        WARM,
        /** Hot code that is left soon after it was entered: all that follows the place. */
        HOT,
        /** A place where much time is spent without leaving the code around it. */
        LOOP
    }

    private record Entry(CompiledCode code, int[] entries, boolean hot) {}

    private static final CompiledCode[] NOTHING = new CompiledCode[CodePage.SLOTS];
    /** Ends the thread. */
    private static final Request END = new Request(null, 0, null, null, null);
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
    private final Map<ContentKey, List<TranslationStore.Stored>> shelf = new HashMap<>();
    private final Settings settings;
    private final List<Thread> threads;
    private final LongAdder regions = new LongAdder();
    private final LongAdder hotRegions = new LongAdder();
    private final LongAdder instructions = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder evictions = new LongAdder();
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
        threads = List.of(new Thread(() -> {
            OptimizerPriority.lower();
            work(queue);
        }, "jit"), new Thread(() -> work(hotQueue), "jit-hot"));
        if (!settings.synchronous) {
            for (Thread t : threads) {
                t.setDaemon(true);
                t.start();
            }
        }
    }

    @Override
    public void hot(Vcpu c, CodePage page, int slot) {
        request(c, page, slot, Kind.WARM);
    }

    @Override
    public void hotter(Vcpu c, CodePage page, CompiledCode code) {
        // It may ask again for the sake of another loop.
        long visits = code.visits;
        long retired = code.retired;
        code.retired = hotThreshold / 2;
        code.visits = 0;
        if (retired / (visits + 1) < Math.min(LOOPING, hotThreshold / 4)) {
            code.retired = Long.MIN_VALUE;
            request(c, page, code.start, Kind.HOT);
            return;
        }
        // Long visits end where events are looked at, mostly at the head of the loop where the time goes.
        CompiledCode[] compiled = page.compiled;
        int slot = (int) (c.nip >>> 2) & CodePage.SLOTS - 1;
        if (compiled != null && compiled[slot] == code && c.mmu.fetched(c.nip) == page) {
            request(c, page, slot, Kind.LOOP);
        }
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
                page.install(version, e.code, e.entries, e.hot);
            }
        } else if (!known && store != null && store.has(key.high(), key.low())) {
            submit(new Request(page, version, null, key, Kind.WARM));
        }
        CompiledCode[] compiled = page.compiled;
        // Another vCPU may have changed the page meanwhile.
        return compiled != null ? compiled : NOTHING;
    }

    private void request(Vcpu c, CodePage page, int slot, Kind kind) {
        boolean hot = kind != Kind.WARM;
        int version = c.mmu.codePages().watch(page, c);
        ContentKey key = ContentKey.of(page, version).at(slot, hot);
        Entry known = cache.get(key);
        if (known != null) {
            reused.increment();
            page.install(version, known.code, known.entries, hot);
            return;
        }
        int[] words = new int[CodePage.SLOTS];
        for (int i = 0; i < words.length; i++) {
            words[i] = page.word(i);
        }
        if (page.version() == version && !submit(new Request(page, version, words, key, kind)) && !hot) {
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
        return request.words == null ? queue.offerFirst(request) : (request.key.hot() ? hotQueue : queue).offer(request);
    }

    private void serve(Request request) {
        if (request.words == null) {
            load(request);
        } else if (!fromShelf(request)) {
            translate(request);
        }
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
        boolean hot = r.key.hot();
        if (compiled == null || r.page.version() != r.version || !hot && compiled[start] != null || !r.key.fits(r.words)) {
            return;
        }
        Entry known = cache.get(r.key);
        if (known != null) {
            // Asked for twice.
            r.page.install(r.version, known.code, known.entries, hot);
            return;
        }
        try {
            for (int limit = settings.regionLimit; limit >= 4; limit /= 2) {
                Region region = hot ? hotRegion(r.words, starts(r), limit, r.kind == Kind.LOOP)
                        : RegionFinder.find(r.words, starts(r), limit, s -> compiled[s] != null, true);
                TranslationEvent event = new TranslationEvent();
                event.begin();
                byte[] code = emit(region, hot);
                Entry entry = code == null ? null : add(r.key, region.entries(), code);
                if (entry != null) {
                    event.frame = r.page.frame;
                    event.slot = start;
                    event.hot = hot;
                    event.instructions = region.size();
                    event.size = code.length;
                    event.commit();
                    (hot ? hotRegions : regions).increment();
                    instructions.add(region.size());
                    r.page.install(r.version, entry.code, entry.entries, hot);
                    if (store != null) {
                        store.add(r.key, entry.entries, code);
                    }
                    return;
                }
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            // The region stays interpreted; nothing is lost but speed.
            failure(e);
        }
    }

    private static byte[] emit(Region region, boolean hot) {
        return RegionEmitter.emit(region, hot ? RegionLoader.HOT : RegionLoader.QUICK, hot ? Placement.LOCALS : Placement.MEMORY);
    }

    /** The loops around a place, or what follows it when it is in none. */
    private static Region hotRegion(int[] words, int[] starts, int limit, boolean loop) {
        Region loops = loop ? LoopFinder.find(words, starts, limit) : null;
        return loops != null ? loops : RegionFinder.find(words, starts, limit, s -> false, false);
    }

    /** Defines a translation and makes it known; null when the JVM's compiler finds it too large. */
    private Entry add(ContentKey key, int[] entries, byte[] code) throws ReflectiveOperationException {
        CompiledCode made = loader.define(code);
        made.start = key.slot();
        made.retired = key.hot() ? Long.MIN_VALUE : 0;
        if (!JvmCompiler.compile(made, key.hot() ? JvmCompiler.PROFILED : JvmCompiler.SIMPLE)) {
            return null;
        }
        bytes.add(code.length);
        makeRoom(code.length);
        Entry entry = new Entry(made, entries, key.hot());
        cache.put(key, entry);
        pages.computeIfAbsent(key.at(0, false), k -> new CopyOnWriteArrayList<>()).add(entry);
        return entry;
    }

    /**
     * Drops all translations when there are too many: the JVM unloads classes that nobody refers to, and their machine
     * code. What is still needed is soon made again, or comes from the store.
     */
    private synchronized void makeRoom(long more) {
        held += more;
        if (held > settings.limit) {
            held = more;
            evictions.increment();
            synchronized (shelf) {
                shelf.clear();
            }
            loader = new RegionLoader();
            cache.clear();
            pages.clear();
            tables.clear();
        }
    }

    /**
     * Puts a page's stored translations on the shelf. That a place was worth translating in another run is no reason to do so
     * sooner in this one: the JVM's compiler, which has to compile it, would be busy with code that is run a few hundred times
     * while other code waits.
     */
    private void load(Request r) {
        List<TranslationStore.Stored> found = store.find(r.key.high(), r.key.low());
        synchronized (shelf) {
            shelf.computeIfAbsent(r.key, _ -> new ArrayList<>()).addAll(found);
        }
    }

    /** Takes a translation that can be entered there and is of that tier from the shelf; null if there is none. */
    private TranslationStore.Stored take(ContentKey key) {
        synchronized (shelf) {
            List<TranslationStore.Stored> found = shelf.getOrDefault(key.at(0, false), List.of());
            for (TranslationStore.Stored s : found) {
                if (s.key().hot() == key.hot() && Arrays.stream(s.entries()).anyMatch(slot -> slot == key.slot())) {
                    found.remove(s);
                    return s;
                }
            }
        }
        return null;
    }

    /** Serves a request with a stored translation if there is one. */
    private boolean fromShelf(Request r) {
        TranslationStore.Stored s = take(r.key);
        try {
            Entry entry = s == null ? null : add(s.key(), s.entries(), s.code());
            if (entry != null) {
                stored.increment();
                r.page.install(r.version, entry.code, entry.entries, entry.hot);
                return true;
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
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
        int slot = (int) (ea >>> 2) & CodePage.SLOTS - 1;
        CompiledCode[] compiled = page.compiled;
        CompiledCode code = compiled == null ? null : compiled[slot];
        int start = code == null ? slot : code.start;
        boolean hot = code != null && code.getClass().getName().contains("Hot");
        int[] words = new int[CodePage.SLOTS];
        Arrays.setAll(words, page::word);
        for (int limit = settings.regionLimit; limit >= 4; limit /= 2) {
            Region region = hot ? hotRegion(words, new int[] {start}, limit, true)
                    : RegionFinder.find(words, new int[] {start}, limit, s -> false, true);
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

    /** A hot region takes in what else is warm in its page: targets of jump tables, functions called in loops. */
    private int[] starts(Request r) {
        int start = r.key.slot();
        IntStream.Builder starts = IntStream.builder().add(start);
        if (r.key.hot()) {
            CompiledCode[] compiled = r.page.compiled;
            for (int s = 0; compiled != null && s < compiled.length; s++) {
                CompiledCode code = compiled[s];
                if (code != null && code.start == s && s != start && (code.retired < 0 || code.retired > hotThreshold / WARM)) {
                    starts.add(s);
                }
            }
        }
        return starts.build().toArray();
    }

    /** All counters: translations and where they came from, and why translated code was left. */
    public List<Figure> figures() {
        List<Figure> f = new ArrayList<>();
        f.add(new Figure("jit.regions.quick", "regions", regions.sum()));
        f.add(new Figure("jit.regions.hot", "regions", hotRegions.sum()));
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
