package io.nestling.jit.fuzz;

import io.nestling.decoder.Assembler;
import io.nestling.decoder.Decoder;
import io.nestling.decoder.Facility;
import io.nestling.decoder.Flag;
import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Operand;
import io.nestling.jit.cache.Translator;
import io.nestling.jit.fuzz.FuzzProgram.Event;
import io.nestling.jit.fuzz.FuzzProgram.Kind;
import io.nestling.jit.fuzz.FuzzProgram.Subject;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.interp.Semantics;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Makes random programs from the instruction table: blocks that branch to each other in every way there is, around
 * instructions of which most work on few registers, so that results matter, and on addresses near each other, so that
 * they hit, miss, cross pages and fault. Nothing needs to end: a run is so many instructions long.
 */
final class FuzzGenerator {
    /** Base of data, base near a page's end, base of code: rarely overwritten. */
    private static final int DATA = 1;
    private static final int EDGE = 2;
    private static final int CODE = 13;
    /** Loaded with addresses of blocks and instruction words. */
    private static final int TARGET = 12;
    /** In programs for storage: bases that move, and by how much. */
    private static final int MOVING = 14;
    private static final int STEP = 16;

    private static final int SLOTS = FuzzMachine.CODE_PAGES * FuzzMachine.PAGE / 4;

    private static final int[] SPRS = {
        Spr.XER, Spr.XER, Spr.LR, Spr.CTR, Spr.TAR, Spr.VRSAVE, Spr.DSCR_USER, Spr.SPRG0 + 1, Spr.SPRG0 + 2, Spr.DAR,
        Spr.DSISR, Spr.SRR0, Spr.AMR, Spr.AMR_USER, Spr.VRSAVE, Spr.DEC, Spr.TB, Spr.TBU, Spr.PVR, Spr.CFAR, Spr.PPR,
        Spr.SPRG3_USER, Spr.FSCR
    };

    /** Families of rows and how often they are taken. */
    private enum Family {
        FIXED(40, r -> simple(r) && r.section().contains("Fixed-Point") && !storage(r) && !r.name().startsWith("t")),
        STORAGE(22, r -> storage(r) && fixed(r) && !r.reserve()),
        CARRY(10, r -> simple(r) && (r.reads().contains("ca") || r.writes().contains("ca") || r.flag("oe") != null)),
        CONDITION(14, r -> r.name().startsWith("cr") || r.name().startsWith("cmp") || r.name().matches("mcrf|mcrxrx|setb|isel"
                + "|mtocrf|mfocrf|mtcrf|mfcr")),
        FLOAT(7, r -> fac(r, Facility.FP)),
        VECTOR(9, r -> fac(r, Facility.VEC) || fac(r, Facility.VSX) || fac(r, Facility.VSXVEC) || fac(r, Facility.FPVEC)),
        VECTOR_STORAGE(4, r -> storage(r) && !fixed(r)),
        ATOMIC(3, r -> r.reserve() || r.section().contains("Atomic")),
        SPECIAL(4, r -> r.name().matches("mtspr|mfspr|mftb|mfmsr|mtmsrd|isync|sync|eieio|dcb.*|icbi|darn|tlbie|tlbiel|tw|td|twi|tdi")),
        ANY(1, r -> !r.ends()),
        /** Only in programs for numbers: {@link #numbers}. */
        NUMBERS(0, r -> !storage(r) && r.facility() != Facility.NONE && (r.writes().contains("fpscr") || r.name().startsWith("f"))
                && !r.name().startsWith("d")),
        VECTORS(0, r -> !storage(r) && r.facility() != Facility.NONE && !r.writes().contains("fpscr")),
        /** Only in programs for storage: {@link #nearEachOther}. */
        DISPLACED(0, r -> storage(r) && r.operands().stream().anyMatch(o -> o.kind() == Operand.Kind.DISP));

        final int weight;
        final List<Insn> rows;

        Family(int weight, Predicate<Insn> of) {
            this.weight = weight;
            this.rows = Isa.rows().stream().filter(r -> Semantics.of(r.op()) != null && of.test(r)).toList();
        }
    }

    private static final Family[] FAMILIES = Family.values();
    private static final int WEIGHTS = java.util.Arrays.stream(FAMILIES).mapToInt(f -> f.weight).sum();

    private final long seed;
    /** Half of the instructions are floating-point or vector ones. */
    private final boolean numbers;
    /** Half of the instructions are accesses near each other. */
    private final boolean nearEachOther;
    private final SplittableRandom random;
    private final int[] code = new int[SLOTS];
    private final List<Integer> starts = new ArrayList<>();
    /** Branches to blocks that are not placed yet: slot and number of the block. */
    private final List<int[]> fixups = new ArrayList<>();
    private int blocks;
    private int at;

    private FuzzGenerator(long seed) {
        this.seed = seed;
        numbers = Subject.of(seed) == Subject.NUMBERS;
        nearEachOther = Subject.of(seed) == Subject.STORAGE;
        random = new SplittableRandom(seed);
    }

    static FuzzProgram generate(long seed) {
        return new FuzzGenerator(seed).program();
    }

    private static boolean simple(Insn r) {
        return !r.ends() && r.privilege() == Insn.Privilege.PROBLEM && r.facility() == Facility.NONE && !storage(r);
    }

    private static boolean storage(Insn r) {
        return r.load() != 0 || r.store() != 0;
    }

    private static boolean fixed(Insn r) {
        return r.facility() == Facility.NONE;
    }

    private static boolean fac(Insn r, Facility f) {
        return r.facility() == f && !storage(r);
    }

    // ---- the program ----------------------------------------------------------------------------------------------

    private FuzzProgram program() {
        blocks = 3 + random.nextInt(random.nextInt(4) == 0 ? 60 : 14);
        at = switch (random.nextInt(4)) {
            case 0 -> 1024 * (1 + random.nextInt(3)) - random.nextInt(60);
            case 1 -> 1024 * random.nextInt(4);
            default -> random.nextInt(SLOTS - 900);
        };
        for (int b = 0; b < blocks; b++) {
            starts.add(at);
            block();
            if (random.nextInt(12) == 0) {
                at += random.nextInt(40);
            }
        }
        for (int[] f : fixups) {
            int distance = 4 * (starts.get(f[1]) - f[0]);
            code[f[0]] |= f[2] == 0 ? distance & 0x3fffffc : distance & 0xfffc;
        }
        long entry = address(random.nextInt(blocks));
        boolean relocated = random.nextInt(6) != 0;
        boolean problem = relocated && random.nextInt(4) == 0;
        long msr = Msr.SF | Msr.ME | Msr.LE | (relocated ? Msr.IR | Msr.DR : 0) | (problem ? Msr.PR | Msr.EE : 0)
                | (random.nextInt(2) == 0 ? Msr.EE : 0) | (random.nextInt(3) != 0 ? Msr.FP | Msr.VEC | Msr.VSX : 0)
                | (random.nextInt(8) == 0 ? Msr.FP | Msr.FE0 : 0) | Msr.RI;
        int[] pages = new int[FuzzMachine.DATA_PAGES];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = random.nextInt(2) == 0 ? 0 : random.nextInt(FuzzMachine.PAGE_STATES.length);
        }
        long length = 200 + random.nextInt(1200);
        return new FuzzProgram(seed, blocks, code, gprs(), vsrs(), sprs(), fpscr(), entry, msr, random.nextInt(2) == 0, pages,
                events(length), length, settings());
    }

    private Translator.Settings settings() {
        int threshold = new int[] {1, 1, 1, 2, 7}[random.nextInt(5)];
        long hot = new long[] {1, 30, 300, Long.MAX_VALUE}[random.nextInt(4)];
        int limit = new int[] {4, 13, 60, 160, 160, 400}[random.nextInt(6)];
        return new Translator.Settings(threshold, hot, limit, true);
    }

    private List<Event> events(long length) {
        List<Event> events = new ArrayList<>();
        long time = 0;
        int kinds = Kind.values().length;
        while (random.nextInt(4) != 0 && (time += 1 + random.nextInt(300)) < length) {
            Kind kind = Kind.values()[random.nextInt(kinds)];
            int where = kind == Kind.WRITE_CODE ? Math.min(starts.get(random.nextInt(blocks)) + random.nextInt(6), SLOTS - 1)
                    : random.nextInt(8);
            events.add(new Event(time, kind, where, kind == Kind.WRITE_CODE ? instruction() : random.nextInt(256)));
        }
        return events;
    }

    private long address(int block) {
        long base = random.nextInt(8) == 0 ? FuzzMachine.CODE_ALIAS : FuzzMachine.CODE;
        return base + 4L * starts.get(block);
    }

    private long[] gprs() {
        long[] r = new long[32];
        for (int i = 0; i < 32; i++) {
            r[i] = value();
        }
        r[DATA] = FuzzMachine.DATA + 0x2000 + 8 * random.nextInt(16);
        r[EDGE] = FuzzMachine.DATA + FuzzMachine.PAGE * (1 + random.nextInt(7)) - random.nextInt(24);
        r[CODE] = random.nextBoolean() ? FuzzMachine.CODE : FuzzMachine.CODE_ALIAS;
        r[TARGET] = address(random.nextInt(blocks));
        if (nearEachOther) {
            r[MOVING] = r[DATA];
            r[MOVING + 1] = r[EDGE];
            r[STEP] = (random.nextBoolean() ? FuzzMachine.PAGE : -FuzzMachine.PAGE) + random.nextInt(9) - 4;
        }
        return r;
    }

    private long value() {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(64);
            case 1 -> -1L >>> random.nextInt(64);
            case 2 -> 1L << random.nextInt(64);
            case 3 -> (int) random.nextLong();
            case 4 -> -random.nextInt(64);
            case 5 -> 8 * random.nextInt(100);
            default -> random.nextLong();
        };
    }

    private long[] vsrs() {
        long[] v = new long[128];
        for (int i = 0; i < 128; i++) {
            v[i] = numbers && random.nextInt(4) != 0 ? number() : switch (random.nextInt(4)) {
                case 0 -> Double.doubleToRawLongBits((double) random.nextInt(1000));
                case 1 -> Double.doubleToRawLongBits(random.nextDouble() - 0.5);
                case 2 -> random.nextLong() & 0x3f3f3f3f3f3f3f3fL;
                default -> random.nextLong();
            };
        }
        return v;
    }

    /** Mostly with XX set and to nearest, as in real programs after their first operations. */
    private long fpscr() {
        if (!numbers) {
            return 0;
        }
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> random.nextLong() & (Fpscr.RN | Fpscr.XX | Fpscr.FX);
            case 2 -> Fpscr.summarize(random.nextLong() & Fpscr.DEFINED);
            default -> Fpscr.XX | Fpscr.FX;
        };
    }

    private long number() {
        double x = switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> random.nextInt(9);
            case 2 -> random.nextInt(1000) / 7.0f;
            case 3 -> 1 / 3.0;
            default -> random.nextDouble() * random.nextInt(1000);
        };
        return Double.doubleToRawLongBits(random.nextBoolean() ? x : -x);
    }

    private long[] sprs() {
        return new long[] {Spr.LR, address(random.nextInt(blocks)), Spr.CTR, 1 + random.nextInt(20), Spr.TAR,
            address(random.nextInt(blocks)), Spr.XER, random.nextLong(), Spr.DEC, 1 + random.nextInt(200), Spr.AMR,
            random.nextInt(12) == 0 ? random.nextLong() : 0, Spr.SRR0, address(random.nextInt(blocks)), Spr.SRR1,
            Msr.SF | Msr.ME | Msr.LE | Msr.IR | Msr.DR};
    }

    // ---- blocks ---------------------------------------------------------------------------------------------------

    private void put(int word) {
        if (at < SLOTS - 1) {
            code[at++] = word;
        }
    }

    private void put(String text) {
        put(Assembler.word(text, 0));
    }

    private void block() {
        for (int n = random.nextInt(random.nextInt(6) == 0 || nearEachOther ? 20 : 7); n > 0; n--) {
            put(instruction());
        }
        switch (random.nextInt(24)) {
            case 0 -> load(address(random.nextInt(blocks(starts.size()))), "mtctr");
            case 1 -> load(address(random.nextInt(blocks(starts.size()))), "mtlr");
            case 2 -> load(address(random.nextInt(blocks(starts.size()))), "mtspr 815,");
            case 3 -> load(1 + random.nextInt(9), "mtctr");
            case 4, 5 -> modifyCode();
            case 6 -> changeState();
            default -> {
            }
        }
        end();
    }

    private int blocks(int known) {
        return Math.max(1, known);
    }

    private void load(long address, String move) {
        put("lis r12," + (address >> 16));
        put("ori r12,r12," + (address & 0xffff));
        put(move + " r12");
    }

    private void modifyCode() {
        int slot = Math.min(starts.get(random.nextInt(starts.size())) + random.nextInt(8), SLOTS - 1);
        if (slot * 4 > 0x7ffc) {
            return;
        }
        int word = instruction();
        put("lis r12," + (short) (word >> 16));
        put("ori r12,r12," + (word & 0xffff));
        put("stw r12," + slot * 4 + "(r13)");
        if (random.nextBoolean()) {
            put("addi r11,r13," + slot * 4);
            put("dcbst 0,r11");
            put("sync 0");
            put("icbi 0,r11");
            put("isync");
        }
    }

    /** A new MSR, by mtmsrd or by rfid to the next instruction. */
    private void changeState() {
        long flip = new long[] {Msr.EE, Msr.PR, Msr.FP, Msr.VEC | Msr.VSX, Msr.DR, Msr.LE, Msr.SF, Msr.IR | Msr.DR}
                [random.nextInt(8)];
        put("mfmsr r11");
        if (flip == Msr.SF) {
            put("rldicl r11,r11,0,1");
        } else if (flip >> 16 != 0) {
            put("xoris r11,r11," + (flip >> 16));
        } else {
            put("xori r11,r11," + flip);
        }
        if (random.nextBoolean()) {
            put(random.nextBoolean() ? "mtmsrd r11" : "mtmsrd r11,1");
        } else {
            long next = FuzzMachine.CODE + 4L * (at + 5);
            put("mtspr 27,r11");
            put("lis r12," + (next >> 16));
            put("ori r12,r12," + (next & 0xffff));
            put("mtspr 26,r12");
            put("rfid");
        }
    }

    private void end() {
        int target = random.nextInt(blocks);
        switch (random.nextInt(22)) {
            case 0, 1, 2, 3, 4, 5, 6 -> branch(16 << 26 | conditions() | (random.nextInt(10) == 0 ? 1 : 0), target, 1);
            case 7, 8, 9 -> branch(16 << 26 | (random.nextInt(2) << 1 | 16) << 21, random.nextInt(blocks(starts.size())), 1);
            case 10, 11 -> branch(18 << 26, target, 0);
            case 12, 13 -> branch(18 << 26 | 1, target, 0);
            case 14 -> put(19 << 26 | 20 << 21 | 16 << 1);
            case 15 -> put(19 << 26 | conditions() | 16 << 1 | random.nextInt(2));
            case 16 -> put(19 << 26 | 20 << 21 | 528 << 1 | random.nextInt(2));
            case 17 -> put(19 << 26 | conditions() | 4 << 21 | 528 << 1 | random.nextInt(2));
            case 18 -> put(19 << 26 | conditions() | 560 << 1 | random.nextInt(2));
            case 19 -> put(random.nextBoolean() ? "sc" : random.nextBoolean() ? "sc 1" : "scv " + random.nextInt(100));
            default -> {
            }
        }
    }

    private int conditions() {
        return random.nextInt(32) << 21 | random.nextInt(32) << 16;
    }

    private void branch(int word, int block, int conditional) {
        if (at < SLOTS - 1) {
            fixups.add(new int[] {at, block, conditional});
            put(word);
        }
    }

    // ---- instructions ---------------------------------------------------------------------------------------------

    private int instruction() {
        while (true) {
            if (numbers && random.nextBoolean()) {
                Family family = random.nextInt(3) != 0 ? Family.NUMBERS : Family.VECTORS;
                Insn row = family.rows.get(random.nextInt(family.rows.size()));
                int word = encode(row);
                if (Decoder.decode(word) == row.op() && keepsBases(row, word)) {
                    // Few record forms: they are not translated.
                    return row.flag("rc1") != null && random.nextInt(4) != 0 ? word & ~1 : word;
                }
            }
            if (nearEachOther && random.nextBoolean()) {
                return near();
            }
            int k = random.nextInt(WEIGHTS);
            Family family = FAMILIES[0];
            for (Family f : FAMILIES) {
                family = f;
                if ((k -= f.weight) < 0) {
                    break;
                }
            }
            Insn row = family.rows.get(random.nextInt(family.rows.size()));
            int word = encode(row);
            if (Decoder.decode(word) == row.op() && keepsBases(row, word)) {
                return word;
            }
        }
    }

    /** An access through one of few bases at a small displacement, or what moves a base. */
    private int near() {
        int to = MOVING + random.nextInt(2);
        int from = nearBase();
        switch (random.nextInt(8)) {
            case 0 -> {
                return Assembler.word("addi r" + to + ",r" + from + "," + (random.nextInt(64) - 32), 0);
            }
            case 1 -> {
                return Assembler.word("or r" + to + ",r" + from + ",r" + from, 0);
            }
            case 2 -> {
                return Assembler.word("add r" + to + ",r" + from + ",r" + STEP, 0);
            }
            default -> {
                while (true) {
                    Insn row = Family.DISPLACED.rows.get(random.nextInt(Family.DISPLACED.rows.size()));
                    int word = encode(row);
                    for (Operand o : row.operands()) {
                        if (o.kind() == Operand.Kind.DISP) {
                            // 16 bits, or 14 or 12 of a multiple of 4 or 16.
                            int bytes = random.nextInt(48) - 24;
                            int width = o.field().width();
                            word = o.field().insert(word, bytes >> 16 - width & -1 >>> 32 - width);
                        }
                    }
                    if (Decoder.decode(word) == row.op() && keepsBases(row, word)) {
                        return word;
                    }
                }
            }
        }
    }

    private int nearBase() {
        return new int[] {DATA, EDGE, MOVING, MOVING + 1}[random.nextInt(4)];
    }

    /**
     * A random form of a row. IAMR and PIDR are left alone: from when on they apply to fetches is undefined until the
     * context is synchronized (Book III, chapter 11), and the engines differ there.
     */
    private int encode(Insn row) {
        int word = row.value();
        boolean storage = storage(row) || row.section().contains("Cache");
        for (Operand o : row.operands()) {
            int any = random.nextInt() & -1 >>> 32 - o.field().width();
            int field = switch (o.kind()) {
                case GPR, GPR0 -> storage && o.name().startsWith("RA") ? base() : gpr();
                case GPRPAIR -> gpr() & ~1;
                case FPRPAIR -> any & ~1;
                case FPR, VR, VSR -> random.nextInt(3) == 0 ? any : any & ~0x1c;
                case CR -> random.nextInt(3) == 0 ? any : any & 1;
                case CRB -> random.nextInt(3) == 0 ? any : any & 7;
                case SPR -> random.nextInt(30) == 0 && any != Spr.IAMR && any != Spr.PIDR ? any
                        : SPRS[random.nextInt(SPRS.length)];
                case DISP -> random.nextInt(4) == 0 ? any : (random.nextInt(64) - 8) & -1 >>> 32 - o.field().width();
                default -> any;
            };
            word = o.field().insert(word, field);
        }
        for (Flag f : row.flags()) {
            if (!f.name().equals("aa")) {
                word = f.field().insert(word, random.nextInt(2));
            }
        }
        return word;
    }


    private int base() {
        if (nearEachOther && random.nextInt(8) != 0) {
            return nearBase();
        }
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> CODE;
            case 2 -> random.nextInt(32);
            case 3, 4, 5 -> EDGE;
            default -> DATA;
        };
    }

    private int gpr() {
        int n = random.nextInt(5);
        return n == 0 ? random.nextInt(32) : 3 + random.nextInt(7);
    }

    private boolean keepsBases(Insn row, int word) {
        if (random.nextInt(60) == 0) {
            return true;
        }
        for (Operand o : row.operands()) {
            int n = o.field().extract(word);
            if (o.writes() && o.kind() == Operand.Kind.GPRS && random.nextInt(10) != 0) {
                return false;
            }
            if (o.writes() && (o.kind() == Operand.Kind.GPR || o.kind() == Operand.Kind.GPR0)
                    && (n == DATA || n == EDGE || n == CODE)) {
                return row.update() && random.nextInt(8) == 0;
            }
        }
        return true;
    }
}
