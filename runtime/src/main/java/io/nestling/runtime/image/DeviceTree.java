package io.nestling.runtime.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A device tree being built, and its flattened form (Devicetree Specification 0.4, chapter 5, version 17). The order of
 * nodes and properties is the order in which they were added, so that equal machines give equal bytes.
 */
public final class DeviceTree {
    private static final int MAGIC = 0xd00dfeed;
    private static final int HEADER = 40;
    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int END = 9;

    private record Reservation(long address, long size) {}

    private final Node root = new Node("");
    private final List<Reservation> reservations = new ArrayList<>();
    private int nextPhandle = 1;

    /** The node {@code /}. */
    public Node root() {
        return root;
    }

    /** Keeps the kernel's allocator away from {@code size} bytes at a real address. */
    public void reserve(long address, long size) {
        reservations.add(new Reservation(address, size));
    }

    /** A node: a name, properties, and child nodes. */
    public final class Node {
        private final String name;
        private final Map<String, byte[]> properties = new LinkedHashMap<>();
        private final Map<String, Node> children = new LinkedHashMap<>();
        private int phandle;

        private Node(String name) {
            this.name = name;
        }

        /** The child of that name (with its unit address if it has one), made on first use. */
        public Node node(String child) {
            return children.computeIfAbsent(child, Node::new);
        }

        /** A property of 32-bit cells; none at all gives an empty one. */
        public Node cells(String property, int... values) {
            ByteBuffer b = ByteBuffer.allocate(4 * values.length);
            for (int v : values) {
                b.putInt(v);
            }
            return bytes(property, b.array());
        }

        /** A property of 64-bit numbers. */
        public Node longs(String property, long... values) {
            ByteBuffer b = ByteBuffer.allocate(8 * values.length);
            for (long v : values) {
                b.putLong(v);
            }
            return bytes(property, b.array());
        }

        /** A string, or a list of strings. */
        public Node strings(String property, String... values) {
            ByteArrayOutputStream b = new ByteArrayOutputStream();
            for (String v : values) {
                b.writeBytes(v.getBytes(StandardCharsets.UTF_8));
                b.write(0);
            }
            return bytes(property, b.toByteArray());
        }

        /** A property without a value: its presence is the message. */
        public Node flag(String property) {
            return bytes(property, new byte[0]);
        }

        /** A property of raw bytes. */
        public Node bytes(String property, byte[] value) {
            properties.put(property, value);
            return this;
        }

        /** The number by which other nodes refer to this one; given on first use. */
        public int phandle() {
            if (phandle == 0) {
                phandle = nextPhandle++;
                cells("phandle", phandle);
            }
            return phandle;
        }

        /** The raw value of a property, or null. */
        public byte[] get(String property) {
            return properties.get(property);
        }
    }

    /**
     * The flattened tree.
     *
     * @param bootCpu physical id of the CPU that starts
     */
    public byte[] flatten(int bootCpu) {
        Strings strings = new Strings();
        Cells structure = new Cells();
        flatten(root, structure, strings);
        structure.cell(END);
        byte[] structureBytes = structure.toByteArray();
        byte[] stringBytes = strings.bytes.toByteArray();

        int reservationAt = HEADER;
        int structureAt = reservationAt + 16 * (reservations.size() + 1);
        int stringsAt = structureAt + structureBytes.length;
        int total = stringsAt + stringBytes.length + 7 & ~7;
        ByteBuffer b = ByteBuffer.allocate(total);
        b.putInt(MAGIC).putInt(total).putInt(structureAt).putInt(stringsAt).putInt(reservationAt);
        b.putInt(17).putInt(16).putInt(bootCpu).putInt(stringBytes.length).putInt(structureBytes.length);
        for (Reservation r : reservations) {
            b.putLong(r.address).putLong(r.size);
        }
        b.putLong(0).putLong(0);
        b.put(structureBytes).put(stringBytes);
        return b.array();
    }

    private static void flatten(Node node, Cells out, Strings strings) {
        out.cell(BEGIN_NODE);
        out.text(node.name);
        node.properties.forEach((name, value) -> {
            out.cell(PROPERTY);
            out.cell(value.length);
            out.cell(strings.offset(name));
            out.padded(value);
        });
        for (Node child : node.children.values()) {
            flatten(child, out, strings);
        }
        out.cell(END_NODE);
    }

    /** The tree as source text, for people. */
    @Override
    public String toString() {
        StringBuilder b = new StringBuilder("/dts-v1/;\n");
        for (Reservation r : reservations) {
            b.append(String.format("/memreserve/ 0x%x 0x%x;%n", r.address, r.size));
        }
        print(root, 0, b);
        return b.toString();
    }

    private static void print(Node node, int depth, StringBuilder b) {
        String indent = "\t".repeat(depth);
        b.append(indent).append(node.name.isEmpty() ? "/" : node.name).append(" {\n");
        node.properties.forEach((name, value) -> {
            b.append(indent).append('\t').append(name);
            if (value.length != 0) {
                b.append(" = ").append(printable(value));
            }
            b.append(";\n");
        });
        for (Node child : node.children.values()) {
            print(child, depth + 1, b);
        }
        b.append(indent).append("};\n");
    }

    private static String printable(byte[] value) {
        StringBuilder b = new StringBuilder();
        if (isText(value)) {
            String all = new String(value, 0, value.length - 1, StandardCharsets.UTF_8);
            for (String s : all.split("\0", -1)) {
                b.append(b.isEmpty() ? "\"" : ", \"").append(s.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
            }
        } else if (value.length % 4 == 0) {
            ByteBuffer cells = ByteBuffer.wrap(value);
            while (cells.hasRemaining()) {
                b.append(b.isEmpty() ? "<" : " ").append(String.format("0x%x", cells.getInt()));
            }
            b.append('>');
        } else {
            for (byte v : value) {
                b.append(b.isEmpty() ? "[" : " ").append(String.format("%02x", v));
            }
            b.append(']');
        }
        return b.toString();
    }

    private static boolean isText(byte[] value) {
        if (value.length < 2 || value[value.length - 1] != 0 || value[0] == 0) {
            return false;
        }
        for (int i = 0; i < value.length; i++) {
            if (value[i] == 0 ? i > 0 && value[i - 1] == 0 : value[i] < 0x20 || value[i] > 0x7e) {
                return false;
            }
        }
        return true;
    }

    /** The strings block: each property name once. */
    private static final class Strings {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Map<String, Integer> offsets = new LinkedHashMap<>();

        int offset(String name) {
            return offsets.computeIfAbsent(name, n -> {
                int at = bytes.size();
                bytes.writeBytes(n.getBytes(StandardCharsets.US_ASCII));
                bytes.write(0);
                return at;
            });
        }
    }

    /** The structure block: big-endian cells and padded bytes. */
    private static final class Cells extends ByteArrayOutputStream {
        void cell(int v) {
            write(v >>> 24);
            write(v >>> 16);
            write(v >>> 8);
            write(v);
        }

        void padded(byte[] value) {
            writeBytes(value);
            while (size() % 4 != 0) {
                write(0);
            }
        }

        void text(String value) {
            writeBytes(value.getBytes(StandardCharsets.US_ASCII));
            write(0);
            padded(new byte[0]);
        }
    }
}
