package io.nestling.jit.emit;

import java.util.List;

/**
 * CA and CA32 in emitted code, in the forms of {@code CpuState.ca} and {@code carries}: in hot code in locals, so that the
 * optimizing compiler drops what the next sum replaces.
 */
final class Carry {
    /** A field of the register file, of this type. */
    private record Field(String name, String descriptor) {}

    private static final Field CA = new Field("ca", "I");
    private static final Field CARRIES = new Field("carries", "J");

    private final RegionEmitter e;
    private boolean used;
    private boolean written;

    Carry(RegionEmitter e) {
        this.e = e;
    }

    private Code.Local local(Field f) {
        used = true;
        return f == CA ? e.code.intLocal(f.name) : e.code.longLocal(f.name);
    }

    /** Pushes CA, an int. */
    void push() {
        if (e.inMemory()) {
            e.code.cpu();
            e.code.getState(CA.name, CA.descriptor);
        } else {
            e.code.load(local(CA));
        }
    }

    /** CA becomes the int that this pushes. */
    void set(Runnable value) {
        set(CA, value);
    }

    /** CA32 becomes bit 32 of the long that this pushes. */
    void setCarries(Runnable value) {
        set(CARRIES, value);
    }

    private void set(Field f, Runnable value) {
        if (e.inMemory()) {
            e.code.cpu();
            value.run();
            e.code.putState(f.name, f.descriptor);
        } else {
            written = true;
            value.run();
            e.code.store(local(f));
        }
    }

    /** Register to locals, if this region uses them. */
    void load() {
        if (used) {
            for (Field f : List.of(CA, CARRIES)) {
                e.code.cpu();
                e.code.getState(f.name, f.descriptor);
                e.code.store(local(f));
            }
        }
    }

    /** Locals to register, if this region writes them. */
    void store() {
        if (written) {
            for (Field f : List.of(CA, CARRIES)) {
                e.code.cpu();
                e.code.load(local(f));
                e.code.putState(f.name, f.descriptor);
            }
        }
    }

    /** After {@link #store} and a call that may have changed them. */
    void reload() {
        written |= used;
        load();
    }
}
