package io.nestling.jit.emit;

/**
 * CA and CA32 in emitted code, in the forms of {@code CpuState.ca} and {@code carries}: in hot code in locals, so that the
 * optimizing compiler drops what the next sum replaces.
 */
final class Carry {
    private final RegionEmitter e;
    private boolean used;
    private boolean written;

    Carry(RegionEmitter e) {
        this.e = e;
    }

    private Code.Local ca() {
        used = true;
        return e.code.intLocal("ca");
    }

    private Code.Local carries() {
        used = true;
        return e.code.longLocal("carries");
    }

    /** Pushes CA, an int. */
    void push() {
        if (e.inMemory()) {
            e.code.cpu();
            e.code.getState("ca", "I");
        } else {
            e.code.load(ca());
        }
    }

    /** CA becomes the int that this pushes. */
    void set(Runnable value) {
        if (e.inMemory()) {
            e.code.cpu();
            value.run();
            e.code.putState("ca", "I");
        } else {
            written = true;
            value.run();
            e.code.store(ca());
        }
    }

    /** CA32 becomes bit 32 of the long that this pushes. */
    void setCarries(Runnable value) {
        if (e.inMemory()) {
            e.code.cpu();
            value.run();
            e.code.putState("carries", "J");
        } else {
            written = true;
            value.run();
            e.code.store(carries());
        }
    }

    /** Register to locals, if this region uses them. */
    void load() {
        if (used) {
            e.code.cpu();
            e.code.getState("ca", "I");
            e.code.store(ca());
            e.code.cpu();
            e.code.getState("carries", "J");
            e.code.store(carries());
        }
    }

    /** Locals to register, if this region writes them. */
    void store() {
        if (written) {
            e.code.cpu();
            e.code.load(ca());
            e.code.putState("ca", "I");
            e.code.cpu();
            e.code.load(carries());
            e.code.putState("carries", "J");
        }
    }

    /** After {@link #store} and a call that may have changed them. */
    void reload() {
        written |= used;
        load();
    }
}
