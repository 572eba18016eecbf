package io.nestling.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static Report report() {
        var speed = new Report.Row("g", "fast", "MB/s", true, Optional.of(2.0));
        List.of(10.0, 40.0, 30.0).forEach(v -> speed.add("ours", v));
        List.of(10.0, 10.0, 10.0).forEach(v -> speed.add("theirs", v));
        var slow = new Report.Row("g", "a \"slow\" <one>", "x/s", true, Optional.of(1.0));
        slow.add("ours", 3);
        slow.add("theirs", 4);
        var time = new Report.Row("t", "time", "s", false, Optional.empty());
        time.add("ours", 2);
        time.add("theirs", 8);
        return new Report("test", Map.of("machine", "m\n1"), List.of("ours", "theirs"), Optional.of("theirs"), List.of(speed, slow, time));
    }

    @Test
    void ratiosAreOfPairsAndAboveOneWhenWeAreBetter() {
        var rows = report().rows();
        assertEquals(List.of(1.0, 4.0, 3.0), rows.get(0).ratios("ours", "theirs"));
        assertEquals(Optional.of(3.0), rows.get(0).ratio("ours", "theirs"));
        assertEquals(Optional.of(4.0), rows.get(2).ratio("ours", "theirs"));
        assertEquals(1.5, report().mean("g", "ours").orElseThrow(), 1e-9);
        assertTrue(report().mean("t", "ours").isEmpty());
        assertEquals(2.5, Report.median(List.of(4.0, 1.0, 3.0, 2.0)));
    }

    @Test
    void tableNamesWhatIsMissed() {
        String table = report().table();
        assertTrue(table.lines().anyMatch(l -> l.matches("fast +MB/s +30.00 +10.00 +3.00x +1.00-4.00 +2.00x")), table);
        assertTrue(table.lines().anyMatch(l -> l.contains("0.75x") && l.endsWith("1.00x missed")), table);
        assertTrue(table.lines().anyMatch(l -> l.matches(" +mean of g +1.50x")), table);
    }

    @Test
    void tableWithoutPeer() {
        var row = new Report.Row("g", "fast", "MB/s", true, Optional.of(2.0));
        row.add("ours", 12345.6);
        String table = new Report("test", Map.of(), List.of("ours"), Optional.empty(), List.of(row)).table();
        assertTrue(table.lines().anyMatch(l -> l.matches("fast +MB/s +12346")), table);
    }

    @Test
    void jsonEscapes() {
        String json = report().json();
        assertTrue(json.contains("\"a \\\"slow\\\" <one>\""), json);
        assertTrue(json.contains("\"m\\u000a1\""), json);
        assertTrue(json.contains("\"ours\": [10.0, 40.0, 30.0]"), json);
        assertTrue(json.contains("\"target\": null"), json);
    }

    @Test
    void plotIsXml() throws Exception {
        var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(report().plot().getBytes(StandardCharsets.UTF_8)));
        assertEquals("svg", svg.getDocumentElement().getTagName());
        assertTrue(report().plot().contains("a \"slow\" &lt;one&gt;"));
    }
}
