package io.nestling.runtime.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has the host provide memory to the JVM's old generation before a collection moves objects there. What a collection moves is
 * mostly decoded pages, which live on; the memory it moves them to has not been touched before, and as long as the host clears
 * that, all vCPUs stand still. Linux and the serial collector only; elsewhere nothing changes.
 */
public final class HeapForesight {
    /** Half of a young generation: more than that hardly ever lives on. */
    private static final long AHEAD = 8L << 20;
    private static final String POOL = "Tenured Gen";
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Pattern MAPPING = Pattern.compile("(?m)^(\\p{XDigit}+)-(\\p{XDigit}+) (..)");
    private static final long LARGE_PAGE = 2L << 20;
    private static final int MILLISECONDS = 20;
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private final MemoryPoolMXBean pool;
    private final long base;
    private final MethodHandle madvise;

    private HeapForesight(MemoryPoolMXBean pool, long base) {
        this.pool = pool;
        this.base = base;
        madvise = Ram.madvise();
    }

    /** Does it for as long as the process lives, on a thread of its own; once, however often it is called. */
    public static void start() {
        if (STARTED.getAndSet(true)) {
            return;
        }
        Thread.ofPlatform().daemon().name("heap").start(() -> {
            try {
                for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                    long base = pool.getName().equals(POOL) ? base(Files.readString(MAPS), pool.getUsage()) : 0;
                    if (base != 0) {
                        new HeapForesight(pool, base).run();
                    }
                }
            } catch (IOException | InterruptedException e) {
                // No such host: collections touch the memory themselves.
            }
        });
    }

    /**
     * Where the pool begins: its committed part is readable memory, and what is reserved for it follows.
     *
     * @param maps as in proc_pid_maps(5)
     * @return a host address, or 0 if there is no such place
     */
    static long base(String maps, MemoryUsage usage) {
        long readableEnd = 0;
        Matcher m = MAPPING.matcher(maps);
        while (m.find()) {
            long begin = Long.parseUnsignedLong(m.group(1), 16);
            long end = Long.parseUnsignedLong(m.group(2), 16);
            if (m.group(3).equals("rw")) {
                readableEnd = end;
            } else if (begin == readableEnd && end - usage.getMax() + usage.getCommitted() == begin) {
                return end - usage.getMax();
            }
        }
        return 0;
    }

    private void run() throws InterruptedException {
        long provided = base;
        while (true) {
            MemoryUsage usage = pool.getUsage();
            long end = base + usage.getCommitted();
            long page = Math.max(Math.min(provided, end), base + usage.getUsed()) & -LARGE_PAGE;
            for (; page < Math.min(end, base + usage.getUsed() + AHEAD); page += LARGE_PAGE) {
                Ram.advise(madvise, page, Math.min(LARGE_PAGE, end - page), Foresight.MADV_POPULATE_WRITE);
            }
            provided = page;
            Thread.sleep(MILLISECONDS);
        }
    }
}
