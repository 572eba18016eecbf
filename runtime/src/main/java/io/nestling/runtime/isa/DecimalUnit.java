package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Decimal;
import io.nestling.runtime.fp.DecimalFormat;
import io.nestling.runtime.fp.DecimalMath;
import io.nestling.runtime.fp.Fpscr;

/** Operands and results of decimal floating point: an FPR, or for the quad forms (primary opcode 63) an even-odd pair. */
final class DecimalUnit {
    private DecimalUnit() {}

    /** The format an instruction works in. */
    static DecimalFormat format(int w) {
        return w >>> 26 == 63 ? DecimalFormat.EXTENDED : DecimalFormat.LONG;
    }

    static Decimal read(Vcpu c, int register, DecimalFormat f) {
        return Decimal.decode(f, c.vsr[2 * register], f == DecimalFormat.EXTENDED ? c.vsr[2 * register + 2] : 0);
    }

    static void write(Vcpu c, int register, Decimal n, DecimalFormat f) {
        long[] bits = n.encode(f);
        if (f == DecimalFormat.EXTENDED) {
            FloatUnit.set(c, 2 * register, bits[0]);
            FloatUnit.set(c, 2 * register + 2, bits[1]);
        } else {
            FloatUnit.set(c, 2 * register, bits[1]);
        }
    }

    /** Ends an arithmetic instruction: status, result, CR1, interrupt. */
    static void deliver(Vcpu c, int w, DecimalMath m, int register, Decimal r, DecimalFormat f) {
        if (Fpscr.commitScalar(c, m.flags, r.fprf(f))) {
            write(c, register, r, f);
        }
        FloatUnit.finish(c, w);
    }
}
