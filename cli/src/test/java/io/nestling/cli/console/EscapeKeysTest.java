package io.nestling.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EscapeKeysTest {
    private final StringBuilder seen = new StringBuilder();
    private final EscapeKeys keys = new EscapeKeys(b -> seen.append(b < 32 ? "^" + (char) (b + 64) : "" + (char) b),
            new EscapeKeys.Actions() {
                @Override
                public void exit() {
                    seen.append("<exit>");
                }

                @Override
                public void help() {
                    seen.append("<help>");
                }

                @Override
                public void status() {
                    seen.append("<status>");
                }

                @Override
                public void nest() {
                    seen.append("<nest>");
                }
            });

    @Test
    void onlyCtrlASequencesAreOurs() {
        for (char c : "ls\003\001\001a\001hx\001c\001n\001x\001zq".toCharArray()) {
            keys.accept(c);
        }
        assertEquals("ls^C^Aa<help>x<status><nest><exit>q", seen.toString());
    }
}
