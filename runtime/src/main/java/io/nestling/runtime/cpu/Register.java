package io.nestling.runtime.cpu;

/**
 * One architected register, wherever it lives. Rows of {@link RegisterTable}.
 *
 * @param name as assemblers and debuggers write it
 * @param bits width: 32, 64 or 128
 * @param home where its value, or the most significant doubleword of 128 bits, is kept
 * @param low the other doubleword of a 128-bit register, else null
 * @param guestState byte offset in the v1 {@code hv_guest_state} structure, or -1
 * @param guestRegs byte offset in the v1 {@code pt_regs} structure, or -1
 * @param element v2 guest state buffer element identifier, or -1
 */
public record Register(String name, int bits, Home home, Home low, int guestState, int guestRegs, int element) {

    /** How to read and write a value. Both are given the address of the current instruction, for those that tick. */
    public interface Home {
        /** The value, zero-extended. */
        long get(Vcpu c, long pc);

        /** Sets the value, with all that follows from it. */
        void set(Vcpu c, long v, long pc);
    }

    /** A register that is nothing but storage: {@link CpuState#spr} at {@code number}, under a mask. */
    public record Storage(int number, long mask) implements Home {
        @Override
        public long get(Vcpu c, long pc) {
            return c.spr[number];
        }

        @Override
        public void set(Vcpu c, long v, long pc) {
            c.spr[number] = v & mask;
        }
    }

    /** Lowest state that may use an SPR number in one direction. */
    public enum Right {
        /** The number is not defined for this direction. */
        NONE,
        /** Problem state. */
        PROBLEM,
        /** Privileged state. */
        PRIVILEGED,
        /** Hypervisor state. */
        HYPERVISOR
    }

    /** A further condition on an access, which raises the interrupt when not met. */
    @FunctionalInterface
    public interface Gate {
        /** Nothing more to check. */
        Gate OPEN = (c, store) -> {};

        /** Throws the fault that this access deserves, if any. */
        void check(Vcpu c, boolean store);
    }

    /**
     * An SPR number by which a register is reached. Several numbers may reach one register, each with a view of its own.
     *
     * @param number SPR number
     * @param register the register reached
     * @param read who may use mfspr
     * @param write who may use mtspr
     * @param view what this number shows of the register
     * @param gate checked after the rights
     */
    public record Port(int number, Register register, Right read, Right write, Home view, Gate gate) {}
}
