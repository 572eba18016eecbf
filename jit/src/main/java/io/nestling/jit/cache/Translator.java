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
    /** Most instructions of a region; the method limit may force less. */
    private static final int REGION_LIMIT = 160;
    /** Instructions retired in a quick region that make it worth taking into a hot one beside it. */
    private static final long WARM = 100_000;
    private static final int QUEUE = 4096;
    /** Class names tell the tiers apart, so that the launcher can give the JVM other thresholds for each. */
    private static final String QUICK = "io/nestling/jit/cache/Quick";
    private static final String HOT = "io/nestling/jit/cache/Hot";

    private record Request(CodePage page, int version, int[] words, ContentKey key) {}

    private record Entry(CompiledCode code, int[] entries) {}

    private final Map<ContentKey, Entry> cache = new ConcurrentHashMap<>();
    private final BlockingQueue<Request> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Thread thread;
    private final LongAdder regions = new LongAdder();
    private final LongAdder hotRegions = new LongAdder();
    private final LongAdder instructions = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Starts the translating thread. */
    public Translator(int threshold, long hotThreshold) {
        super(threshold, hotThreshold);
        thread = new Thread(this::work, "jit");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void hot(Vcpu c, CodePage page, int slot) {
        request(page, slot, false);
    }

    @Override
    public void hotter(Vcpu c, CodePage page, CompiledCode code) {
        code.retired = Long.MIN_VALUE;
        request(page, code.start, true);
    }

    private void request(CodePage page, int slot, boolean hot) {
        int version = page.version();
        int[] words = new int[CodePage.SLOTS];
        for (int i = 0; i < words.length; i++) {
            words[i] = page.word(i);
        }
        if (!page.watched) {
            return;
        }
        ContentKey key = ContentKey.of(words, slot, hot);
        Entry known = cache.get(key);
        if (known != null) {
            reused.increment();
            page.install(version, known.code, known.entries, hot);
        } else {
            queue.offer(new Request(page, version, words, key));
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
            for (int limit = REGION_LIMIT; limit >= 4; limit /= 2) {
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
    private static int[] starts(Request r) {
        int start = r.key.slot();
        IntStream.Builder starts = IntStream.builder().add(start);
        if (r.key.hot()) {
            CompiledCode[] compiled = r.page.compiled;
            for (int s = 0; s < compiled.length; s++) {
                CompiledCode code = compiled[s];
                if (code != null && code.start == s && s != start && (code.retired < 0 || code.retired > WARM)) {
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

    @Override
    public void close() {
        thread.interrupt();
    }
}
