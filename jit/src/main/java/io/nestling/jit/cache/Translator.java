package io.nestling.jit.cache;

import io.nestling.jit.emit.RegionEmitter;
import io.nestling.jit.emit.RegionEmitter.Placement;
import io.nestling.jit.region.Region;
import io.nestling.jit.region.RegionFinder;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Tiering;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CompiledCode;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Takes requests from vCPU threads, translates on its own thread, and installs what it made. */
public final class Translator extends Tiering implements AutoCloseable {
    /** A quick region that has retired this fraction of what makes a region hot is worth taking into a hot one. */
    private static final int WARM = 200;
    private static final int QUEUE = 4096;
    /** Class names tell the tiers apart, so that the launcher can give the JVM other thresholds for each. */
    private static final String QUICK = "io/nestling/jit/cache/Quick";
    private static final String HOT = "io/nestling/jit/cache/Hot";

    /**
     * How to translate.
     *
     * @param threshold arrivals at an instruction after which it is translated, at least 1
     * @param hotThreshold instructions retired in a region after which it is translated again for the optimizing compiler
     * @param regionLimit most instructions of a region, at least 4; the method limit may force less
     * @param synchronous translate on the thread that asks, which then has the translation at once: for tests, whose
     *     runs must repeat
     */
    public record Settings(int threshold, long hotThreshold, int regionLimit, boolean synchronous) {
        /** What users get. */
        public static final Settings DEFAULT = new Settings(2000, 20_000_000, 160, false);
    }

    private record Request(CodePage page, int version, int[] words, ContentKey key) {}

    private record Entry(CompiledCode code, int[] entries) {}

    private final Map<ContentKey, Entry> cache = new ConcurrentHashMap<>();
    private final BlockingQueue<Request> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Settings settings;
    private final Thread thread;
    private final LongAdder regions = new LongAdder();
    private final LongAdder hotRegions = new LongAdder();
    private final LongAdder instructions = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Starts the translating thread, unless translation is to be synchronous. */
    public Translator(Settings settings) {
        super(settings.threshold, settings.hotThreshold);
        this.settings = settings;
        thread = new Thread(this::work, "jit");
        thread.setDaemon(true);
        if (!settings.synchronous) {
            thread.start();
        }
    }

    @Override
    public void hot(Vcpu c, CodePage page, int slot) {
        request(c, page, slot, false);
    }

    @Override
    public void hotter(Vcpu c, CodePage page, CompiledCode code) {
        code.retired = Long.MIN_VALUE;
        request(c, page, code.start, true);
    }

    private void request(Vcpu c, CodePage page, int slot, boolean hot) {
        c.mmu.codePages().watch(page);
        int version = page.version();
        int[] words = new int[CodePage.SLOTS];
        for (int i = 0; i < words.length; i++) {
            words[i] = page.word(i);
        }
        ContentKey key = ContentKey.of(words, slot, hot);
        Entry known = cache.get(key);
        if (known != null) {
            reused.increment();
            page.install(version, known.code, known.entries, hot);
            return;
        }
        Request request = new Request(page, version, words, key);
        if (settings.synchronous) {
            translate(request);
        } else if (!queue.offer(request) && !hot) {
            // Too busy now: it will be asked for again.
            page.heat[slot] = -1;
        }
    }

    private void work() {
        try {
            while (true) {
                translate(queue.take());
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void translate(Request r) {
        CompiledCode[] compiled = r.page.compiled;
        int start = r.key.slot();
        boolean hot = r.key.hot();
        if (compiled == null || r.page.version() != r.version || !hot && compiled[start] != null) {
            return;
        }
        try {
            for (int limit = settings.regionLimit; limit >= 4; limit /= 2) {
                Region region = RegionFinder.find(r.words, starts(r), limit, s -> !hot && compiled[s] != null);
                byte[] code = RegionEmitter.emit(region, hot ? HOT : QUICK, hot ? Placement.LOCALS : Placement.MEMORY);
                if (code != null) {
                    CompiledCode made = define(code);
                    made.start = start;
                    made.retired = hot ? Long.MIN_VALUE : 0;
                    Entry entry = new Entry(made, region.entries());
                    cache.put(r.key, entry);
                    (hot ? hotRegions : regions).increment();
                    instructions.add(region.size());
                    bytes.add(code.length);
                    r.page.install(r.version, made, entry.entries, hot);
                    return;
                }
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            // The region stays interpreted; nothing is lost but speed.
            failed.increment();
            if (Boolean.getBoolean("nestling.jit.debug")) {
                e.printStackTrace();
            }
        }
    }

    /** A hot region takes in what else is warm in its page: targets of jump tables, functions called in loops. */
    private int[] starts(Request r) {
        int start = r.key.slot();
        IntStream.Builder starts = IntStream.builder().add(start);
        if (r.key.hot()) {
            CompiledCode[] compiled = r.page.compiled;
            for (int s = 0; s < compiled.length; s++) {
                CompiledCode code = compiled[s];
                if (code != null && code.start == s && s != start && (code.retired < 0 || code.retired > hotThreshold / WARM)) {
                    starts.add(s);
                }
            }
        }
        return starts.build().toArray();
    }

    private static CompiledCode define(byte[] code) throws ReflectiveOperationException {
        return (CompiledCode) MethodHandles.lookup().defineHiddenClass(code, true).lookupClass()
                .getDeclaredConstructor().newInstance();
    }

    /** Regions translated, their instructions and class bytes, translations found by content, and failures. */
    public String summary() {
        return regions + " quick and " + hotRegions + " hot regions, " + instructions + " instructions, " + bytes
                + " bytes of classes, " + reused + " found by content, " + failed + " failed";
    }

    /** Regions that could not be translated for an error of ours. */
    public long failed() {
        return failed.sum();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
