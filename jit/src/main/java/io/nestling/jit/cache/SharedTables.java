package io.nestling.jit.cache;

import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CodeTables;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * The tables of pages that are run: one for all pages with the same bytes, such as those of a kernel that runs at many
 * levels of nesting. Bounded: the page that has had its tables for the longest time gives them up, and gets them again
 * when it is run.
 */
final class SharedTables {
    /** Pages with tables: if no two were the same, 192 MiB. */
    private static final int PAGES = 1 << 15;

    private static final class Known extends WeakReference<CodeTables> {
        final ContentKey key;

        Known(ContentKey key, CodeTables tables, ReferenceQueue<CodeTables> queue) {
            super(tables, queue);
            this.key = key;
        }
    }

    private final Map<ContentKey, Known> byContent = new HashMap<>();
    private final ReferenceQueue<CodeTables> forgotten = new ReferenceQueue<>();
    private final LinkedHashSet<CodePage> prepared = new LinkedHashSet<>();
    private final int limit;

    SharedTables() {
        this(PAGES);
    }

    SharedTables(int limit) {
        this.limit = limit;
    }

    /**
     * Gives a page its tables.
     *
     * @param key of its content, slot 0
     * @return false when no page with that content has any yet
     */
    synchronized boolean give(CodePage page, int version, ContentKey key) {
        while (forgotten.poll() instanceof Known gone) {
            byContent.remove(gone.key, gone);
        }
        Known reference = byContent.get(key);
        CodeTables tables = reference == null ? null : reference.get();
        boolean known = tables != null;
        if (!known) {
            tables = new CodeTables();
            byContent.put(key, new Known(key, tables, forgotten));
        }
        if (prepared.add(page) && prepared.size() > limit) {
            prepared.removeFirst().unprepare();
        }
        page.prepare(version, tables);
        return known;
    }

    /** Takes all tables away. */
    synchronized void clear() {
        prepared.forEach(CodePage::unprepare);
        prepared.clear();
        byContent.clear();
    }
}
