package io.nestling.runtime.mmu;

import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.HostMemory;
import io.nestling.runtime.memory.Ram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Loads, stores and fetches of one vCPU: a soft TLB of 4 KiB entries in front of the {@link RadixWalker}.
 *
 * <p>Entries are tagged with the page of the effective address and a context number (see {@link ContextIds}), so
 * switching process, privilege or partition changes two fields and flushes nothing. An entry is four longs: tag for
 * loads, tag for stores, host address minus effective address, guest real page. A tag is compared with the page of the access's
 * <em>last</em> byte, so that an access which crosses a page misses and takes the slow path.
 *
 * <p>An entry is made only for a frame inside RAM, and the effective address contributes only the offset within a page:
 * no guest access can leave RAM. Frames with watched code get no store tag.
 */
public final class Mmu implements Invalidator {
    /** log2 of the bytes an entry covers. */
    public static final int PAGE_SHIFT = 12;
    /** Entries of the data TLB. */
    public static final long ENTRIES = 16384;
    /** log2 of an entry's size. */
    public static final int ENTRY_SHIFT = 5;
    /** Bits of an effective address, shifted right, that choose the entry: its offset from {@link #entries}. */
    public static final long ENTRY_MASK = ENTRIES - 1 << ENTRY_SHIFT;
    /** Left shift of the context number that is mixed into them. */
    public static final int CONTEXT_SHIFT = 10;
    /** Offset of the tag for stores in an entry; the one for loads comes first. */
    public static final int STORE_TAG = 8;
    /** Offset of what to add to the effective address to get the host address. */
    public static final int ADDEND = 16;
    /** Offset of the guest real address of the page, by which hypervisors invalidate. */
    private static final int REAL_PAGE = 24;

    private static final long ENTRY_BYTES = 1L << ENTRY_SHIFT;
    private static final int GROUP_SHIFT = 16;
    private static final long GROUP_MASK = -1L << GROUP_SHIFT;
    private static final long GROUP_BYTES = ENTRY_BYTES << GROUP_SHIFT - PAGE_SHIFT;
    private static final long PAGE_MASK = -1L << PAGE_SHIFT;
    private static final int CODE_ENTRIES = 1024;
    private static final long NO_TAG = 1;

    /** Context mode bits: problem state, AMR denies loads, AMR denies stores, real mode. */
    private static final int MODE_PROBLEM = 1;
    private static final int MODE_REAL = 8;

    private final Ram ram;
    private final CodePages codePages;
    private final RadixWalker walker;
    private final Translation translation = new Translation();
    private final ContextIds contexts = new ContextIds();
    /** Outside the heap, where emitted code reaches it without bounds checks. */
    private final MemorySegment tlbMemory = Arena.ofAuto().allocate(ENTRIES * ENTRY_BYTES, 64);
    private final long tlb = tlbMemory.address();
    /**
     * Some page has had another place in its 64 KiB group than its frame has in RAM, so a frame may be anywhere in the soft
     * TLB; else in one entry of each group only. Set before the entry is made, so whoever has to see the entry sees this.
     */
    private boolean scattered;
    private final long[] codeTags = new long[CODE_ENTRIES];
    private final long[] codeRealPages = new long[CODE_ENTRIES];
    private final CodePage[] code = new CodePage[CODE_ENTRIES];

    private Vcpu cpu;
    private Partition partition;
    private MmioBus mmio = MmioBus.NONE;
    private Invalidator broadcast = this;

    // Context numbers for data and fetches, chosen by the sign of the address (quadrants 0 and 3).
    private long dataLow;
    private long dataHigh;
    private long codeLow;
    private long codeHigh;
    // The numbers they are chosen from: those of the running process, and of process 0 for the upper quadrant.
    private ContextIds.Process lowIds;
    private ContextIds.Process highIds;
    private boolean bigEndian;
    /** A page of problem state's was found in the upper half of addresses; whether contexts there already include AMR. */
    private boolean keyedUpper;
    private boolean keysUpper;

    private long misses;

    /** An MMU over this RAM; {@link #enter} gives it a partition. */
    public Mmu(Ram ram, CodePages codePages) {
        this.ram = ram;
        this.codePages = codePages;
        this.walker = new RadixWalker(ram);
        codePages.addListener(this::withdrawStores);
        flushAll();
    }

    /** Ties the MMU to its vCPU; called once, by the vCPU. */
    public void attach(Vcpu vcpu) {
        cpu = vcpu;
        cpu.dataTlb = tlb;
    }

    /** Sets where accesses outside RAM go. */
    public void setMmio(MmioBus bus) {
        mmio = bus;
    }

    /** Sets what {@code tlbie} reaches: the MMUs of all vCPUs. Until then it is this one alone. */
    public void setBroadcast(Invalidator all) {
        broadcast = all;
    }

    /** What {@code tlbie} reaches; {@code tlbiel} reaches the MMU itself. */
    public Invalidator broadcast() {
        return broadcast;
    }

    /** Makes a partition the running one; nothing is flushed. */
    public void enter(Partition p) {
        partition = p;
        contextChanged();
    }

    /** The running partition. */
    public Partition partition() {
        return partition;
    }

    /** RAM behind this MMU. */
    public Ram ram() {
        return ram;
    }

    /** The machine's code pages. */
    public CodePages codePages() {
        return codePages;
    }

    /** Recomputes the contexts after a change of MSR, PIDR, AMR, IAMR or the partition. */
    public void contextChanged() {
        if (cpu == null || partition == null) {
            return;
        }
        long msr = cpu.msr;
        bigEndian = (msr & Msr.LE) == 0;
        int pid = (int) cpu.spr[Spr.PIDR] & 0xfffff;
        int lpid = partition.lpid;
        if (lowIds == null || lowIds.pid != pid || lowIds.lpid != lpid) {
            lowIds = contexts.of(lpid, pid);
            highIds = contexts.of(lpid, 0);
        }
        boolean problem = (msr & Msr.PR) != 0;
        int data = (msr & Msr.DR) == 0 ? MODE_REAL : problem ? MODE_PROBLEM : (int) (cpu.spr[Spr.AMR] >>> 62) << 1;
        int fetch = (msr & Msr.IR) == 0 ? MODE_REAL : problem ? MODE_PROBLEM : (int) (cpu.spr[Spr.IAMR] >>> 62 & 1) << 4;
        // AMR is no part of contexts in the upper half of addresses until a page is found there that it applies to.
        if (keyedUpper && !keysUpper) {
            keysUpper = true;
            flushAll();
            return;
        }
        int high = data == MODE_REAL || keysUpper ? data : data & MODE_PROBLEM;
        // Real mode has one context whatever the process is; so has the upper quadrant.
        ContextIds.Process dataIds = data == MODE_REAL ? highIds : lowIds;
        ContextIds.Process fetchIds = fetch == MODE_REAL ? highIds : lowIds;
        if (!numbered(dataIds, data) || !numbered(highIds, high) || !numbered(fetchIds, fetch)
                || !numbered(highIds, fetch)) {
            flushAll();
            return;
        }
        dataLow = dataIds.ids[data];
        dataHigh = highIds.ids[high];
        cpu.dataContext = dataLow;
        cpu.dataContextMix = dataLow ^ dataHigh;
        if (codeLow != fetchIds.ids[fetch] || codeHigh != highIds.ids[fetch]) {
            codeLow = fetchIds.ids[fetch];
            codeHigh = highIds.ids[fetch];
            cpu.fetchesMoved = true;
        }
    }

    private boolean numbered(ContextIds.Process process, int mode) {
        return process.ids[mode] != 0 || contexts.give(process, mode);
    }

    // ---- loads and stores ---------------------------------------------------------------------------------------

    /**
     * Host address of the entry for an effective address. Neighbouring pages must never share one, not even where
     * addresses wrap: else an access that crosses pages could meet the tag of its last byte's page in the entry of its
     * first byte's, and leave RAM. The lowest bit of the page number, unmixed, sees to that.
     */
    private long entry(long ea, long context) {
        return tlb + ((ea >>> PAGE_SHIFT - ENTRY_SHIFT ^ context << CONTEXT_SHIFT) & ENTRY_MASK);
    }

    /** Byte at an effective address, zero-extended. */
    public long loadByte(long ea) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        if (HostMemory.getDouble(i) == (ea & PAGE_MASK | context)) {
            return HostMemory.getByte(HostMemory.getDouble(i + ADDEND) + ea);
        }
        return loadSlow(ea, 1);
    }

    /** Halfword at an effective address, any alignment, zero-extended. */
    public long loadHalf(long ea) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        if (HostMemory.getDouble(i) == (ea + 1 & PAGE_MASK | context)) {
            long v = HostMemory.getHalf(HostMemory.getDouble(i + ADDEND) + ea);
            return bigEndian ? Short.reverseBytes((short) v) & 0xffffL : v;
        }
        return loadSlow(ea, 2);
    }

    /** Word at an effective address, any alignment, zero-extended. */
    public long loadWord(long ea) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        if (HostMemory.getDouble(i) == (ea + 3 & PAGE_MASK | context)) {
            long v = HostMemory.getWord(HostMemory.getDouble(i + ADDEND) + ea);
            return bigEndian ? Integer.reverseBytes((int) v) & 0xffffffffL : v;
        }
        return loadSlow(ea, 4);
    }

    /** Doubleword at an effective address, any alignment. */
    public long loadDouble(long ea) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        if (HostMemory.getDouble(i) == (ea + 7 & PAGE_MASK | context)) {
            long v = HostMemory.getDouble(HostMemory.getDouble(i + ADDEND) + ea);
            return bigEndian ? Long.reverseBytes(v) : v;
        }
        return loadSlow(ea, 8);
    }

    /** Stores the low byte. */
    public void storeByte(long ea, long v) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        if (HostMemory.getDouble(i + STORE_TAG) == (ea & PAGE_MASK | context)) {
            HostMemory.putByte(HostMemory.getDouble(i + ADDEND) + ea, v);
        } else {
            storeSlow(ea, v, 1);
        }
    }

    /** Stores the low halfword, any alignment. */
    public void storeHalf(long ea, long v) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        if (HostMemory.getDouble(i + STORE_TAG) == (ea + 1 & PAGE_MASK | context)) {
            HostMemory.putHalf(HostMemory.getDouble(i + ADDEND) + ea, bigEndian ? Short.reverseBytes((short) v) : v);
        } else {
            storeSlow(ea, v, 2);
        }
    }

    /** Stores the low word, any alignment. */
    public void storeWord(long ea, long v) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        if (HostMemory.getDouble(i + STORE_TAG) == (ea + 3 & PAGE_MASK | context)) {
            HostMemory.putWord(HostMemory.getDouble(i + ADDEND) + ea, bigEndian ? Integer.reverseBytes((int) v) : v);
        } else {
            storeSlow(ea, v, 4);
        }
    }

    /** Stores a doubleword, any alignment. */
    public void storeDouble(long ea, long v) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        if (HostMemory.getDouble(i + STORE_TAG) == (ea + 7 & PAGE_MASK | context)) {
            HostMemory.putDouble(HostMemory.getDouble(i + ADDEND) + ea, bigEndian ? Long.reverseBytes(v) : v);
        } else {
            storeSlow(ea, v, 8);
        }
    }

    /** True when MSR[LE] is 0: multi-byte accesses are big-endian. */
    public boolean bigEndian() {
        return bigEndian;
    }

    /**
     * Host address of a naturally aligned item for an atomic access (larx, stcx., AMO); faults as a load or store
     * would.
     */
    public long hostAddress(long ea, Access access) {
        long host = resolve(ea, access);
        if (host < 0) {
            // Reservations and atomics on caching-inhibited storage: attribute conflict (Book III, 6.5.3).
            cpu.spr[Spr.DAR] = ea;
            cpu.spr[Spr.DSISR] = 0x04000000L | (access == Access.WRITE ? RadixWalker.STORE : 0);
            throw cpu.raise(Interrupts.DATA_STORAGE, 0);
        }
        return host;
    }

    /** Raises the fault that an access to {@code length} bytes at {@code ea} would, and does nothing else. */
    public void probe(long ea, int length, Access access) {
        resolve(ea, access);
        long last = ea + length - 1;
        if ((last & PAGE_MASK) != (ea & PAGE_MASK)) {
            resolve(cpu.ea(last) & PAGE_MASK, access);
        }
    }

    private long loadSlow(long ea, int size) {
        long last = ea + size - 1;
        if ((last & PAGE_MASK) == (ea & PAGE_MASK)) {
            long host = resolve(ea, Access.READ);
            if (host < 0) {
                return mmio.load(~host, size, bigEndian);
            }
            return switch (size) {
                case 1 -> HostMemory.getByte(host);
                case 2 -> bigEndian ? Short.reverseBytes((short) HostMemory.getHalf(host)) & 0xffffL
                        : HostMemory.getHalf(host);
                case 4 -> bigEndian ? Integer.reverseBytes((int) HostMemory.getWord(host)) & 0xffffffffL
                        : HostMemory.getWord(host);
                default -> bigEndian ? Long.reverseBytes(HostMemory.getDouble(host)) : HostMemory.getDouble(host);
            };
        }
        // Crosses a page: byte by byte, in address order.
        long v = 0;
        for (int k = 0; k < size; k++) {
            long b = loadByte(cpu.ea(ea + k));
            v = bigEndian ? v << 8 | b : v | b << 8 * k;
        }
        return v;
    }

    private void storeSlow(long ea, long v, int size) {
        long last = ea + size - 1;
        if ((last & PAGE_MASK) == (ea & PAGE_MASK)) {
            long host = resolve(ea, Access.WRITE);
            if (host < 0) {
                mmio.store(~host, size, v, bigEndian);
                return;
            }
            switch (size) {
                case 1 -> HostMemory.putByte(host, v);
                case 2 -> HostMemory.putHalf(host, bigEndian ? Short.reverseBytes((short) v) : v);
                case 4 -> HostMemory.putWord(host, bigEndian ? Integer.reverseBytes((int) v) : v);
                default -> HostMemory.putDouble(host, bigEndian ? Long.reverseBytes(v) : v);
            }
            return;
        }
        // Crosses a page: both must be writable before anything is stored, so that a fault leaves no trace.
        resolve(ea, Access.WRITE);
        // DAR names the second page's first byte.
        resolve(cpu.ea(last) & PAGE_MASK, Access.WRITE);
        for (int k = 0; k < size; k++) {
            storeByte(cpu.ea(ea + k), bigEndian ? v >>> 8 * (size - 1 - k) : v >>> 8 * k);
        }
    }

    /**
     * Translates for one access inside a page and remembers it.
     *
     * @return host address, or the complement of a guest real address outside RAM that belongs to a device
     */
    private long resolve(long ea, Access access) {
        long context = ea < 0 ? dataHigh : dataLow;
        long i = entry(ea, context);
        long tag = ea & PAGE_MASK | context;
        if (HostMemory.getDouble(access == Access.WRITE ? i + STORE_TAG : i) == tag) {
            return HostMemory.getDouble(i + ADDEND) + ea;
        }
        misses++;
        Translation t = translation;
        if (!translate(ea, access, (cpu.msr & Msr.DR) != 0, t)) {
            if (t.hypervisor && t.fault == 0 && mmio.claims(t.hra)) {
                return ~t.hra;
            }
            throw dataFault(ea, access, t);
        }
        ram.used(t.hra);
        keyedUpper |= ea < 0 && t.keyed;
        if (t.shift >= GROUP_SHIFT) {
            rememberGroup(ea, context, t);
        }
        long frame = t.hra & PAGE_MASK;
        scattered |= ((ea ^ frame) & PAGE_MASK & ~GROUP_MASK) != 0;
        // In this order, as other vCPUs look for store tags (withdrawStores).
        HostMemory.putDouble(i + STORE_TAG, NO_TAG);
        HostMemory.putDouble(i, t.read ? tag : NO_TAG);
        VarHandle.releaseFence();
        HostMemory.putDouble(i + ADDEND, ram.base() + frame - (ea & PAGE_MASK));
        HostMemory.putDouble(i + REAL_PAGE, t.gra & PAGE_MASK);
        while (t.write) {
            if (codePages.isWatched(frame)) {
                if (access != Access.WRITE) {
                    break;
                }
                codePages.written(frame);
                cpu.codeWritten = true;
            }
            VarHandle.releaseFence();
            HostMemory.putDouble(i + STORE_TAG, tag);
            // Another vCPU that starts to watch the frame either finds the tag, or is seen here.
            VarHandle.fullFence();
            if (!codePages.isWatched(frame)) {
                break;
            }
            HostMemory.putDouble(i + STORE_TAG, NO_TAG);
        }
        return ram.base() + t.hra;
    }

    /**
     * Entries for all of an aligned 64 KiB group of pages, which larger pages of the guest consist of: where one of them is
     * used, the others mostly are too.
     */
    private void rememberGroup(long ea, long context, Translation t) {
        long first = ea & GROUP_MASK;
        long frame = t.hra & GROUP_MASK;
        long real = t.gra & GROUP_MASK;
        long addend = ram.base() + frame - first;
        long begin = entry(first, context);
        long end = begin + GROUP_BYTES;
        long tag = first | context;
        for (long i = begin; i < end; i += ENTRY_BYTES) {
            HostMemory.putDouble(i + STORE_TAG, NO_TAG);
            HostMemory.putDouble(i, t.read ? tag : NO_TAG);
            HostMemory.putDouble(i + REAL_PAGE, real);
            tag += 1L << PAGE_SHIFT;
            real += 1L << PAGE_SHIFT;
        }
        VarHandle.releaseFence();
        for (long i = begin; i < end; i += ENTRY_BYTES) {
            HostMemory.putDouble(i + ADDEND, addend);
        }
        if (!t.write) {
            return;
        }
        VarHandle.releaseFence();
        tag = first | context;
        for (long i = begin; i < end; i += ENTRY_BYTES) {
            HostMemory.putDouble(i + STORE_TAG, tag);
            tag += 1L << PAGE_SHIFT;
        }
        // Another vCPU that starts to watch a frame either finds the tag, or is seen here.
        VarHandle.fullFence();
        for (long i = begin; i < end; i += ENTRY_BYTES) {
            if (codePages.isWatched(frame)) {
                HostMemory.putDouble(i + STORE_TAG, NO_TAG);
            }
            frame += 1L << PAGE_SHIFT;
        }
    }

    // ---- fetches ------------------------------------------------------------------------------------------------

    /** The code page at an effective address if it was fetched from lately, else null. */
    public CodePage fetched(long ea) {
        long context = ea < 0 ? codeHigh : codeLow;
        int i = (int) (ea >>> PAGE_SHIFT ^ context << 3) & CODE_ENTRIES - 1;
        CodePage page = code[i];
        return codeTags[i] == (ea & PAGE_MASK | context) && page.bigEndian == bigEndian ? page : null;
    }

    /** The code page at an effective address in the current context; faults as an instruction fetch does. */
    public CodePage fetch(long ea) {
        long context = ea < 0 ? codeHigh : codeLow;
        long tag = ea & PAGE_MASK | context;
        int i = (int) (ea >>> PAGE_SHIFT ^ context << 3) & CODE_ENTRIES - 1;
        CodePage page = code[i];
        if (codeTags[i] == tag && page.bigEndian == bigEndian) {
            return page;
        }
        Translation t = translation;
        if (!translate(ea, Access.EXECUTE, (cpu.msr & Msr.IR) != 0, t)) {
            throw fetchFault(ea, t);
        }
        page = codePages.get(t.hra, bigEndian);
        codeTags[i] = tag;
        codeRealPages[i] = t.gra & PAGE_MASK;
        code[i] = page;
        return page;
    }

    private boolean translate(long ea, Access access, boolean relocated, Translation t) {
        if (!relocated) {
            // Real mode under a hypervisor: the four high bits are ignored (Book III, 5.7.3).
            t.segment = false;
            t.hypervisor = false;
            t.keyed = false;
            long gra = ea & 0x0fffffffffffffffL;
            boolean translated = partition.scope.translate(gra, access, t);
            t.gra = gra;
            return translated;
        }
        boolean hypervisor = (cpu.msr & Msr.HV) != 0;
        int quadrant = (int) (ea >>> 62);
        if (!hypervisor && (quadrant == 1 || quadrant == 2)) {
            t.segment = true;
            return false;
        }
        int pid = quadrant == 0 ? (int) cpu.spr[Spr.PIDR] & 0xfffff : 0;
        boolean problem = (cpu.msr & Msr.PR) != 0;
        return walker.translate(partition, ea, pid, problem, (int) (cpu.spr[Spr.AMR] >>> 62),
                (cpu.spr[Spr.IAMR] >>> 62 & 1) != 0, access, t);
    }

    private GuestFault dataFault(long ea, Access access, Translation t) {
        long store = access == Access.WRITE ? RadixWalker.STORE : 0;
        if (t.segment) {
            cpu.spr[Spr.DAR] = ea;
            return cpu.raise(Interrupts.DATA_SEGMENT, 0);
        }
        if (t.hypervisor && t.fault != 0) {
            cpu.spr[Spr.HDAR] = ea;
            cpu.spr[Spr.HDSISR] = t.fault | store;
            cpu.spr[Spr.ASDR] = t.gra & PAGE_MASK;
            return cpu.raise(Interrupts.HYPERVISOR_DATA_STORAGE, 0);
        }
        cpu.spr[Spr.DAR] = ea;
        if (t.hypervisor) {
            // No such real address: what the bus would answer with a machine check.
            cpu.spr[Spr.DSISR] = 0x8000;
            return cpu.raise(Interrupts.MACHINE_CHECK, 0);
        }
        cpu.spr[Spr.DSISR] = t.fault | store;
        return cpu.raise(Interrupts.DATA_STORAGE, 0);
    }

    private GuestFault fetchFault(long ea, Translation t) {
        if (t.segment) {
            return cpu.raise(Interrupts.INSTRUCTION_SEGMENT, 0);
        }
        if (t.hypervisor && t.fault != 0) {
            cpu.spr[Spr.ASDR] = t.gra & PAGE_MASK;
            long cause = (t.fault & RadixWalker.STORE) == 0 ? t.fault : t.fault & ~RadixWalker.STORE | RadixWalker.TABLE_STORE;
            return cpu.raise(Interrupts.HYPERVISOR_INSTRUCTION_STORAGE, cause);
        }
        if (t.hypervisor) {
            return cpu.raise(Interrupts.MACHINE_CHECK, 0x40000);
        }
        return cpu.raise(Interrupts.INSTRUCTION_STORAGE, t.fault);
    }

    // ---- invalidation -------------------------------------------------------------------------------------------

    /**
     * Takes store permission for a frame away. Another vCPU's thread only looks whether there is any: where there is
     * none, no store to the frame can be under way, and nobody need wait.
     */
    private void withdrawStores(long hostAddress, Vcpu by) {
        if (by == cpu) {
            removeStoreTags(hostAddress);
        } else if (hasStoreTag(hostAddress)) {
            cpu.mailbox.post(() -> removeStoreTags(hostAddress), by.mailbox);
        }
    }

    private boolean hasStoreTag(long hostAddress) {
        long step = step();
        for (long i = first(hostAddress, step); i < tlb + ENTRIES * ENTRY_BYTES; i += step) {
            long tag = HostMemory.getDouble(i + STORE_TAG);
            if (tag != NO_TAG) {
                VarHandle.acquireFence();
                if (HostMemory.getDouble(i + ADDEND) + (tag & PAGE_MASK) == hostAddress) {
                    return true;
                }
            }
        }
        return false;
    }

    private void removeStoreTags(long hostAddress) {
        long step = step();
        for (long i = first(hostAddress, step); i < tlb + ENTRIES * ENTRY_BYTES; i += step) {
            long tag = HostMemory.getDouble(i + STORE_TAG);
            if (tag != NO_TAG && HostMemory.getDouble(i + ADDEND) + (tag & PAGE_MASK) == hostAddress) {
                HostMemory.putDouble(i + STORE_TAG, NO_TAG);
            }
        }
    }

    /** From one entry that may be for a given frame to the next. */
    private long step() {
        return scattered ? ENTRY_BYTES : GROUP_BYTES;
    }

    /** The first entry that may be for a frame. */
    private long first(long hostAddress, long step) {
        return tlb + (hostAddress - ram.base() >>> PAGE_SHIFT - ENTRY_SHIFT & step - ENTRY_BYTES);
    }

    @Override
    public void invalidateRange(int lpid, int pid, long ea, long length) {
        if (length > 64 << PAGE_SHIFT) {
            invalidateProcess(lpid, pid);
            return;
        }
        ContextIds.Process process = contexts.find(lpid, pid);
        if (process == null) {
            return;
        }
        for (int n = 0; n < process.count; n++) {
            long context = process.given[n];
            for (long page = ea & PAGE_MASK; page - ea < length; page += 1L << PAGE_SHIFT) {
                long tag = page | context;
                long i = entry(page, context);
                if (HostMemory.getDouble(i) == tag || HostMemory.getDouble(i + STORE_TAG) == tag) {
                    HostMemory.putDouble(i, NO_TAG);
                    HostMemory.putDouble(i + STORE_TAG, NO_TAG);
                }
                int k = (int) (page >>> PAGE_SHIFT ^ context << 3) & CODE_ENTRIES - 1;
                if (codeTags[k] == tag) {
                    codeTags[k] = NO_TAG;
                    cpu.fetchesMoved = true;
                }
            }
        }
    }

    @Override
    public void invalidateProcess(int lpid, int pid) {
        contexts.dropProcess(lpid, pid);
        lowIds = null;
        contextChanged();
    }

    @Override
    public void invalidatePartition(int lpid) {
        contexts.dropPartition(lpid);
        lowIds = null;
        contextChanged();
    }

    @Override
    public void invalidateReal(int lpid, long gra, long length) {
        long first = gra & PAGE_MASK;
        for (long i = tlb; i < tlb + ENTRIES * ENTRY_BYTES; i += ENTRY_BYTES) {
            if (Long.compareUnsigned(HostMemory.getDouble(i + REAL_PAGE) - first, length) < 0
                    && (contexts.owner(HostMemory.getDouble(i)) == lpid
                    || contexts.owner(HostMemory.getDouble(i + STORE_TAG)) == lpid)) {
                HostMemory.putDouble(i, NO_TAG);
                HostMemory.putDouble(i + STORE_TAG, NO_TAG);
            }
        }
        for (int i = 0; i < CODE_ENTRIES; i++) {
            if (Long.compareUnsigned(codeRealPages[i] - first, length) < 0 && contexts.owner(codeTags[i]) == lpid) {
                codeTags[i] = NO_TAG;
                cpu.fetchesMoved = true;
            }
        }
    }

    /** Forgets everything. */
    public void flushAll() {
        for (long i = tlb; i < tlb + ENTRIES * ENTRY_BYTES; i += ENTRY_BYTES) {
            HostMemory.putDouble(i, NO_TAG);
            HostMemory.putDouble(i + STORE_TAG, NO_TAG);
        }
        Arrays.fill(codeTags, NO_TAG);
        contexts.clear();
        lowIds = null;
        contextChanged();
    }

    /** Soft-TLB misses so far. */
    public long misses() {
        return misses;
    }
}
