package io.nestling.jit.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.decoder.Decoder;
import io.nestling.jit.emit.RegionEmitter.Placement;
import io.nestling.jit.region.Evidence;
import io.nestling.jit.region.Region;
import io.nestling.jit.region.RegionFinder;
import io.nestling.runtime.memory.CodePage;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;

/** HotSpot compiles no method above 8,000 bytes: none may be made, whatever code there is. */
class MethodSizeTest {
    private static final int HUGE_METHOD = 8000;
    private static final int PAGES = 40;

    @ParameterizedTest
    @EnumSource(Placement.class)
    void noMethodIsTooLargeToBeCompiled(Placement placement) {
        Random random = new Random(8000);
        int refused = 0;
        int large = 0;
        for (int page = 0; page < PAGES; page++) {
            int[] words = new int[CodePage.SLOTS];
            for (int i = 0; i < words.length; i++) {
                do {
                    words[i] = random.nextInt();
                } while (Decoder.decode(words[i]) == 0);
            }
            for (int limit = CodePage.SLOTS; limit >= 4; limit /= 2) {
                Region region = RegionFinder.find(words, new int[] {page}, limit, s -> false, Evidence.NONE, placement == Placement.MEMORY);
                byte[] code = RegionEmitter.emit(region, "io/nestling/jit/cache/Test", placement);
                if (code == null) {
                    refused++;
                    continue;
                }
                int[] size = new int[1];
                new ClassReader(code).accept(new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] thrown) {
                        return new CodeSizeEvaluator(Opcodes.ASM9, null) {
                            @Override
                            public void visitEnd() {
                                size[0] = Math.max(size[0], getMaxSize());
                            }
                        };
                    }
                }, 0);
                assertTrue(size[0] < HUGE_METHOD, () -> size[0] + " bytes");
                large = Math.max(large, size[0]);
            }
        }
        assertTrue(refused > 0 && large > HUGE_METHOD / 4, refused + " refused, largest " + large);
        assertEquals(7900, RegionEmitter.METHOD_LIMIT);
    }
}
