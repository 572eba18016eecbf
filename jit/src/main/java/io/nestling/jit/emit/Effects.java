package io.nestling.jit.emit;

import io.nestling.decoder.Flag;
import io.nestling.decoder.Insn;
import io.nestling.decoder.Operand;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which registers that live in JVM locals an instruction may touch, from the operands and attributes of its row.
 *
 * @param reads bit n set: GPR n may be read
 * @param writes bit n set: GPR n may be written
 * @param condition CR or XER[SO] may be read or written
 * @param carry XER[CA] or XER[CA32] may be read or written
 */
record Effects(int reads, int writes, boolean condition, boolean carry) {
    private static final Set<String> CARRY = Set.of("ca", "xer");
    private static final Set<String> CONDITION = Set.of("cr", "cr0", "cr1", "cr6", "so", "ov", "xer");

    static Effects of(Insn insn, int w) {
        int reads = insn.reads().contains("gprs") ? -1 : 0;
        int writes = 0;
        boolean condition = touches(insn, CONDITION);
        boolean carry = touches(insn, CARRY);
        for (Operand o : insn.operands()) {
            int n = o.value(w);
            switch (o.kind()) {
                case GPR, GPR0, GPRPAIR, GPRS -> {
                    int mask = switch (o.kind()) {
                        case GPRPAIR -> 3 << (n & ~1);
                        case GPRS -> -1;
                        default -> 1 << n;
                    };
                    reads |= o.reads() ? mask : 0;
                    writes |= o.writes() ? mask : 0;
                }
                case CR, CRB -> condition = true;
                case SPR -> {
                    condition = true;
                    carry = true;
                }
                default -> {
                }
            }
        }
        for (Flag f : insn.flags()) {
            condition |= f.isSet(w) && f.effect() != null;
        }
        return new Effects(reads, writes, condition || insn.name().startsWith("mtc") || insn.name().startsWith("mfc")
                || insn.name().startsWith("mfoc") || insn.name().startsWith("mtoc"), carry);
    }

    private static boolean touches(Insn insn, Set<String> registers) {
        return Stream.concat(insn.reads().stream(), insn.writes().stream()).anyMatch(registers::contains);
    }
}
