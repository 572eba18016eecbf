package io.nestling.runtime.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceTreeTest {
    private static DeviceTree sample() {
        DeviceTree tree = new DeviceTree();
        tree.root().strings("compatible", "a,b", "c").cells("#address-cells", 2);
        DeviceTree.Node intc = tree.root().node("intc");
        tree.root().node("cpus").node("cpu@0").cells("reg", 0).cells("interrupt-parent", intc.phandle()).flag("64-bit");
        tree.root().node("memory@0").longs("reg", 0, 0x80000000L).bytes("odd", new byte[] {1, 2, 3});
        tree.reserve(0x10000, 0x2000);
        return tree;
    }

    /** Walks a flattened tree by the specification alone, and lists what it finds. */
    private static List<String> read(byte[] flat) {
        ByteBuffer b = ByteBuffer.wrap(flat);
        assertEquals(0xd00dfeed, b.getInt(0));
        assertEquals(flat.length, b.getInt(4));
        assertEquals(17, b.getInt(20));
        assertEquals(16, b.getInt(24));
        int strings = b.getInt(12);
        List<String> found = new ArrayList<>();
        int at = b.getInt(16);
        assertEquals(0, at % 8);
        for (; b.getLong(at + 8) != 0; at += 16) {
            found.add("reserve " + b.getLong(at) + " " + b.getLong(at + 8));
        }
        at = b.getInt(8);
        assertEquals(0, at % 4);
        int end = at + b.getInt(36);
        int depth = 0;
        boolean propertiesAllowed = false;
        while (b.getInt(at) != 9) {
            int token = b.getInt(at);
            at += 4;
            if (token == 1) {
                String name = text(flat, at);
                found.add("node " + name);
                at += name.length() / 4 * 4 + 4;
                depth++;
                propertiesAllowed = true;
            } else if (token == 2) {
                depth--;
                propertiesAllowed = false;
            } else {
                assertEquals(3, token);
                assertTrue(propertiesAllowed, "a property after a child node");
                int length = b.getInt(at);
                String name = text(flat, strings + b.getInt(at + 4));
                found.add(name + " " + HexFormat.of().formatHex(flat, at + 8, at + 8 + length));
                at += 8 + (length + 3) / 4 * 4;
            }
        }
        assertEquals(0, depth);
        assertEquals(end, at + 4);
        return found;
    }

    private static String text(byte[] flat, int at) {
        int end = at;
        while (flat[end] != 0) {
            end++;
        }
        return new String(flat, at, end - at, StandardCharsets.US_ASCII);
    }

    @Test
    void flattensToWhatTheSpecificationReads() {
        assertEquals(List.of("reserve 65536 8192",
                "node ", "compatible 612c62006300", "#address-cells 00000002",
                "node intc", "phandle 00000001",
                "node cpus", "node cpu@0", "reg 00000000", "interrupt-parent 00000001", "64-bit ",
                "node memory@0", "reg 00000000000000000000000080000000", "odd 010203"), read(sample().flatten(0)));
    }

    @Test
    void isTheSameEachTime() {
        assertArrayEquals(sample().flatten(3), sample().flatten(3));
        assertEquals(3, ByteBuffer.wrap(sample().flatten(3)).getInt(28));
    }

    @Test
    void printsAsSource() {
        assertEquals("""
                /dts-v1/;
                /memreserve/ 0x10000 0x2000;
                / {
                	compatible = "a,b", "c";
                	#address-cells = <0x2>;
                	intc {
                		phandle = <0x1>;
                	};
                	cpus {
                		cpu@0 {
                			reg = <0x0>;
                			interrupt-parent = <0x1>;
                			64-bit;
                		};
                	};
                	memory@0 {
                		reg = <0x0 0x0 0x0 0x80000000>;
                		odd = [01 02 03];
                	};
                };
                """, sample().toString());
    }
}
