package io.nestling.jit.cache;

import io.nestling.jit.emit.RegionEmitter;
import io.nestling.runtime.memory.CompiledCode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.UnsafeApi;

/**
 * Defines translations as classes of one loader, which the JVM unloads all together. Hidden classes would be unloaded one by
 * one, but each then has a loader's worth of the JVM's memory to itself, for the collector to look at in every pause.
 */
final class RegionLoader extends ClassLoader {
    /** Names tell the tiers apart, so that the launcher can give the JVM other thresholds for each; the digits are put in here. */
    static final String QUICK = "io/nestling/jit/cache/Quick00000000";
    static final String HOT = "io/nestling/jit/cache/Hot00000000";
    private static final int DIGITS = 8;
    /** The first constant of a class file as ASM writes it is the class's name: magic, version, count, tag, and its length. */
    private static final int NAME_LENGTH = 4 + 4 + 2 + 1;
    private static final int NAME = NAME_LENGTH + 2;

    private int made;

    RegionLoader() {
        super(RegionLoader.class.getClassLoader());
        byte[] shared = RegionEmitter.shared();
        // Before the quick compiler meets it: it knows what is in it then.
        UnsafeApi.ensureClassInitialized(defineClass(null, shared, 0, shared.length));
    }

    /**
     * Makes a translation.
     *
     * @param code class file under one of the names above, in which the digits are changed
     */
    synchronized CompiledCode define(byte[] code) {
        int end = NAME + ((code[NAME_LENGTH] & 0xff) << 8 | code[NAME_LENGTH + 1] & 0xff);
        byte[] digits = HexFormat.of().toHexDigits(made++).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, code, end - DIGITS, DIGITS);
        return (CompiledCode) UnsafeApi.allocateInstance(defineClass(null, code, 0, code.length));
    }
}
