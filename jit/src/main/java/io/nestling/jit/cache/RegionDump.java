package io.nestling.jit.cache;

import io.nestling.decoder.Disassembler;
import io.nestling.jit.region.Region;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.spi.ToolProvider;

/** A region as text: guest code, and the bytecode made of it. */
final class RegionDump {
    private RegionDump() {}

    /**
     * Describes a region.
     *
     * @param base effective address of its page
     * @param code class file
     */
    static List<String> of(Region region, long base, String kind, byte[] code) throws IOException {
        Stream<String> head = Stream.of(String.format("%s region of the page at 0x%x: %d instructions, %d bytes, entries %s", kind, base,
                region.size(), code.length, Arrays.stream(region.entries()).mapToObj(s -> String.format("0x%x", base + 4L * s)).toList()));
        Stream<String> guest = region.blocks().stream().flatMap(b -> java.util.stream.IntStream.range(b.first(), b.end()).mapToObj(s -> {
            long address = base + 4L * s;
            int w = region.words()[s];
            return String.format("%s 0x%x  %08x  %s", s == b.first() ? ">" : " ", address, w, Disassembler.disassemble(w, address));
        }));
        return Stream.of(head, guest, bytecode(code).lines()).flatMap(s -> s).toList();
    }

    /** As the JDK's own disassembler has it. */
    private static String bytecode(byte[] code) throws IOException {
        ToolProvider javap = ToolProvider.findFirst("javap").orElse(null);
        if (javap == null) {
            return "this JDK has no javap to show bytecode";
        }
        Path file = Files.createTempFile("nestling-region", ".class");
        try {
            Files.write(file, code);
            StringWriter text = new StringWriter();
            javap.run(new PrintWriter(text), new PrintWriter(text), "-c", "-p", file.toString());
            return text.toString();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
