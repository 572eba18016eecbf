package io.nestling.tests.oracle;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Isa;

/** Instructions as text. */
final class Text {
    private Text() {}

    static String of(int word) {
        int op = Decoder.decode(word);
        if (op == 0) {
            return ".long";
        }
        StringBuilder b = new StringBuilder(Isa.row(op).name());
        Isa.row(op).flags().stream().filter(f -> f.isSet(word)).forEach(f -> b.append(f.suffix()));
        char separator = ' ';
        for (var o : Isa.row(op).operands()) {
            b.append(separator).append(o.name()).append('=').append(o.value(word));
            separator = ',';
        }
        return b.toString();
    }
}
