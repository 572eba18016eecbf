package io.nestling.jit.region;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nestling.decoder.Assembler;
import io.nestling.jit.region.Region.Block;
import io.nestling.runtime.memory.CodePage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which blocks a region is made of, by what the interpreter has seen. */
class RegionFinderTest {
    private static final String SOURCE = """
            cmpdi   r3,0            # 0
            beq     other           # 1
            bl      function        # 2
            addi    r3,r3,1         # 3
            blr                     # 4
    other:  addi    r3,r3,2         # 5
            blr                     # 6
    function:
            addi    r4,r4,1         # 7
            blr                     # 8
    """;

    private static Region find(Evidence seen) {
        int[] words = new int[CodePage.SLOTS];
        ByteBuffer code = ByteBuffer.wrap(Assembler.assemble(SOURCE, 0)).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.setAll(words, slot -> 4 * slot < code.capacity() ? code.getInt(4 * slot) : 0);
        return RegionFinder.find(words, new int[] {0}, 160, _ -> false, seen, true);
    }

    private static Evidence seen(Set<Integer> executed, Set<Integer> rare) {
        return (from, to) -> !executed.contains(from) || executed.contains(to) && !rare.contains(to);
    }

    @Test
    void allWaysWhereNothingIsKnown() {
        var all = List.of(new Block(0, 2), new Block(2, 3), new Block(3, 5), new Block(5, 7), new Block(7, 9));
        assertEquals(all, find(Evidence.NONE).blocks());
    }

    @Test
    void notWhatABranchHasNeverLedTo() {
        var taken = List.of(new Block(0, 2), new Block(5, 7));
        assertEquals(taken, find(seen(Set.of(0, 1, 5, 6), Set.of())).blocks());
        var others = List.of(new Block(0, 2), new Block(2, 3), new Block(3, 5), new Block(7, 9));
        assertEquals(others, find(seen(Set.of(0, 1, 2, 3, 4, 7, 8), Set.of())).blocks());
        assertEquals(others, find(seen(Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8), Set.of(5))).blocks());
    }

    @Test
    void notWhereACallHasNeverReturnedTo() {
        assertEquals(List.of(new Block(0, 2), new Block(2, 3), new Block(7, 9)), find(seen(Set.of(0, 1, 2, 7, 8), Set.of())).blocks());
    }
}
