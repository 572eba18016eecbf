package io.nestling.runtime.interp;

import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Vcpu;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * The pre-decoding interpreter: tier 0, and the reference the translator is compared with. The loop itself is
 * generated from the instruction table ({@link GeneratedLoop}, {@link GeneratedStraight}), because the JVM compiles a
 * switch of direct calls to the semantics methods better than any table of objects.
 */
public final class Interpreter implements Engine {
    @Override
    public Exit run(Vcpu cpu) {
        return GeneratedLoop.run(cpu);
    }

    /** The same with translations where {@code tiers} has them. */
    public static Exit run(Vcpu cpu, Tiering tiers) {
        return TieredLoop.run(cpu, tiers);
    }

    /**
     * The method in which interpreting mostly takes place: the better it is compiled, and the earlier, the better.
     *
     * @return a static method
     */
    public static Method innermost() {
        return Arrays.stream(GeneratedStraight.class.getDeclaredMethods()).filter(m -> m.getName().equals("run")).findAny().orElseThrow();
    }

    @Override
    public String name() {
        return "interp";
    }
}
