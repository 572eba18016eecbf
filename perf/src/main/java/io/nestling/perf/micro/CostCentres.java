package io.nestling.perf.micro;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one repetition of a small body costs, in nanoseconds, by the cost centre the body is made of. The empty loop is
 * the interrupt check on a back edge; it is part of all others.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
    "-XX:+UseSerialGC", "-Xmx256m"})
public class CostCentres {
    /** A body each, with the functions it calls. */
    private static final Map<String, String[]> BODIES = Map.ofEntries(
            body("interruptCheck", "bdnz again"),
            body("integer", "add r5,r5,r4; rldicl r6,r5,7,3; xor r5,r5,r6; mulli r7,r5,3; bdnz again"),
            body("compareBranch", "addi r5,r5,1; andi. r6,r5,4; beq 1f; addi r7,r7,1; 1: bdnz again"),
            body("loadHit", "ld r5,8(r3); ld r6,16(r3); ld r7,24(r3); ld r8,32(r3); bdnz again"),
            body("storeHit", "std r5,8(r3); std r6,16(r3); std r7,24(r3); std r8,32(r3); bdnz again"),
            // One load in a page of its own out of 8,192 pages: more than the soft TLB holds.
            body("loadMiss", "addis r6,r6,1; rldicl r6,r6,0,35; ldx r5,r3,r6; bdnz again"),
            body("callReturn", "bl f; bdnz again", "f: addi r5,r5,1; blr"),
            body("indirectBranch", """
                    mtctr r4; lis r9,1; ori r9,r9,table@l; lis r10,0x41c6; ori r10,r10,0x4e6d
                    1: mulld r5,r5,r10; addi r5,r5,12345; rldicl r6,r5,48,60; sldi r6,r6,4; add r6,r6,r9; mtctr r6; bctrl
                    addi r4,r4,-1; cmpdi r4,0; bne 1b""", ".balign 16; table:" + " addi r5,r5,1; nop; nop; blr;".repeat(16)),
            body("exceptionEntry", "sc; bdnz again"),
            body("floatMultiplyAdd", "fmadd f1,f2,f3,f1; fmadd f4,f2,f3,f4; fadd f5,f5,f2; fmul f6,f2,f3; bdnz again"),
            body("vectorInteger", "vadduwm v1,v2,v3; vperm v4,v2,v3,v1; vxor v5,v4,v1; vsel v6,v1,v2,v5; bdnz again"),
            body("vectorFloat", "xvmaddadp vs1,vs2,vs3; xvadddp vs4,vs4,vs2; xvmuldp vs5,vs2,vs3; bdnz again"),
            body("vectorCopy", "lxv vs1,0(r3); lxv vs2,16(r3); stxv vs1,1024(r3); stxv vs2,1040(r3); bdnz again"),
            body("vectorCrypto", "vcipher v1,v1,v2; vcipher v3,v3,v2; vshasigmaw v4,v1,0,15; bdnz again"),
            body("atomic", "1: ldarx r5,0,r3; addi r5,r5,1; stdcx. r5,0,r3; bne- 1b; bdnz again"));

    @Param({"jit", "interp"})
    public String engine;

    @Param({"interruptCheck", "integer", "compareBranch", "loadHit", "storeHit", "loadMiss", "callReturn", "indirectBranch",
        "exceptionEntry", "floatMultiplyAdd", "vectorInteger", "vectorFloat", "vectorCopy", "vectorCrypto", "atomic"})
    public String body;

    private Loop loop;

    private static Map.Entry<String, String[]> body(String name, String... sources) {
        return Map.entry(name, new String[] {sources[0], sources.length > 1 ? sources[1] : ""});
    }

    @Setup
    public void prepare() {
        String[] sources = BODIES.get(body);
        loop = new Loop(engine, sources[0], sources[1]);
    }

    @TearDown
    public void close() {
        loop.close();
    }

    @Benchmark
    @OperationsPerInvocation(Loop.REPETITIONS)
    public long repetition() {
        return loop.run();
    }
}
