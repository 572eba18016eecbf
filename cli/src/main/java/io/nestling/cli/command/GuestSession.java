package io.nestling.cli.command;

import io.nestling.cli.Messages;
import io.nestling.cli.UserError;
import io.nestling.cli.console.ConsoleInput;
import io.nestling.cli.console.ConsoleOutput;
import io.nestling.cli.console.EscapeKeys;
import io.nestling.cli.console.LineWatcher;
import io.nestling.cli.console.RawTerminal;
import io.nestling.hv.machine.ConfigurationException;
import io.nestling.hv.machine.Machine;
import io.nestling.hv.machine.Outcome;
import io.nestling.hv.machine.PSeries;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.device.block.Disk;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.device.net.UserNetwork;
import io.nestling.runtime.device.net.VirtioNet;
import io.nestling.runtime.memory.HeapForesight;
import io.nestling.runtime.time.Clock;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A guest from its first start to the exit code: its reboots, its console, and what can end it. */
final class GuestSession {
    /** How long a panicking kernel may take to print its last lines, in milliseconds. */
    private static final long LAST_WORDS = 2_000;
    private static final long TICK = 50;

    /** What the user asked for. */
    record Settings(Path kernel, Path initrd, String append, long memory, Smp smp, Nesting nesting, List<Drive> drives, boolean entropy,
            Optional<Net> net, List<Share> shares, boolean virtioConsole, Supplier<Clock> clock, Supplier<Engine> engine,
            Optional<Duration> timeout, Optional<Pattern> expect, Optional<Pattern> failOn, Optional<Path> consoleLog,
            Optional<Path> dumpDtb, boolean noReboot, boolean stats) {}

    private final Settings settings;
    private final Verdict verdict;
    private final Statistics statistics = new Statistics();
    /** Outlives reboots, and with it what it has translated. */
    private final Engine engine;
    /** They outlive reboots too, and with them what a snapshot holds. */
    private final List<Disk> disks = new ArrayList<>();
    /** And so does the network, whose forwarded ports stay open. */
    private UserNetwork network;
    private Machine machine;

    GuestSession(Settings settings) {
        this.settings = settings;
        this.engine = settings.engine.get();
        this.verdict = new Verdict(settings.expect, settings.failOn, this::stop);
    }

    /** Runs the guest to its end and gives the exit code. */
    int run() {
        // Not closed: it is the process's own standard output.
        var out = new FileOutputStream(FileDescriptor.out);
        try (engine; OutputStream log = openLog()) {
            var console = new Console(new ConsoleOutput(out, e -> verdict.broken("standard output cannot be written ("
                    + e.getMessage() + "): keep its reader alive, or write to a file with space left"), log,
                    e -> verdict.broken(logFailure(e)), new LineWatcher(verdict::line)));
            // Built before anything is changed on the terminal: most errors of users show here.
            try {
                settings.drives.forEach(drive -> disks.add(drive.open()));
                network = settings.net.map(Net::open).orElse(null);
                power(build(console));
                dump();
                converse(console);
            } finally {
                power(null);
                closeDisks();
                if (network != null) {
                    network.close();
                }
            }
        } catch (IOException e) {
            throw new UserError(logFailure(e), e);
        }
        if (!verdict.message().isEmpty()) {
            Messages.say(verdict.message());
        }
        if (settings.stats) {
            statistics.print(System.err);
        }
        return verdict.code();
    }

    private void converse(Console console) {
        try (RawTerminal terminal = RawTerminal.open()) {
            var input = new ConsoleInput(new FileInputStream(FileDescriptor.in), console);
            if (terminal != null) {
                Messages.say(EscapeKeys.HELP);
                input.escape(new Keys());
            }
            input.start();
            Thread.ofPlatform().daemon().name("deadlines").start(this::watch);
            execute(console);
        }
    }

    private void execute(Console console) {
        HeapForesight.start();
        while (true) {
            statistics.begin();
            Outcome outcome = machine.run();
            statistics.end(machine, engine);
            engine.report(machine.cpu()).forEach(Messages::say);
            if (verdict.decided()) {
                return;
            }
            switch (outcome.ending()) {
                case POWER_OFF -> verdict.ended("powered off");
                case PANIC -> verdict.panic();
                case DEAD -> verdict.dead(outcome.reason());
                case REBOOT -> {
                    if (settings.noReboot || verdict.panicked()) {
                        verdict.ended("rebooted");
                    } else {
                        power(build(console));
                    }
                }
                case STOPPED, LIMIT -> {
                    // A stop without a verdict is a stop of the machine before a reboot; go on.
                }
            }
            if (verdict.decided()) {
                return;
            }
        }
    }

    private Machine build(Console console) {
        try {
            Clock clock = settings.clock.get();
            var builder = new PSeries().memory(settings.memory).kernel(settings.kernel).initrd(settings.initrd)
                    .append(settings.append).processors(settings.smp.processors(), settings.smp.threads())
                    .clock(clock).console(console).engine(engine);
            settings.nesting.apply(builder);
            disks.forEach(builder::drive);
            if (settings.virtioConsole) {
                builder.virtioConsole();
            }
            if (settings.entropy) {
                builder.entropy();
            }
            settings.shares.forEach(share -> builder.device(share.open(clock.virtual())));
            if (network != null) {
                builder.device(new VirtioNet(network, Net.MAC));
            }
            return builder.build();
        } catch (ConfigurationException e) {
            throw new UserError("--" + e.setting() + " " + e.getMessage(), e);
        }
    }

    private void closeDisks() {
        for (int i = 0; i < disks.size(); i++) {
            try {
                disks.get(i).close();
            } catch (IOException e) {
                Messages.say("--drive " + settings.drives.get(i).file() + " cannot be closed (" + Host.reason(e)
                        + "): check the image, its last writes may be missing");
            }
        }
    }

    /** Makes a machine the current one in place of the one before. */
    private synchronized void power(Machine next) {
        if (machine != null) {
            machine.close();
        }
        machine = next;
        if (next != null && verdict.decided()) {
            next.stop();
        }
    }

    private synchronized void stop() {
        if (machine != null) {
            machine.stop();
        }
    }

    /** Ends the run when its time is over, or when a panicking kernel has nothing more to say. */
    private void watch() {
        long start = System.nanoTime();
        long panicAt = 0;
        while (!verdict.decided()) {
            long now = (System.nanoTime() - start) / 1_000_000;
            if (settings.timeout.isPresent() && now >= settings.timeout.get().toMillis()) {
                verdict.timeout(settings.timeout.get().toMillis() / 1000.0 + " s");
            } else if (verdict.panicked()) {
                panicAt = panicAt == 0 ? now : panicAt;
                if (now - panicAt >= LAST_WORDS) {
                    verdict.panic();
                }
            }
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private OutputStream openLog() throws IOException {
        return settings.consoleLog.isPresent() ? Files.newOutputStream(settings.consoleLog.get())
                : OutputStream.nullOutputStream();
    }

    private String logFailure(IOException e) {
        return "--console-log " + settings.consoleLog.map(Path::toString).orElse("") + " cannot be written (" + Host.reason(e)
                + "): name a file in a directory that is there, writable and not full";
    }

    private void dump() {
        if (settings.dumpDtb.isEmpty()) {
            return;
        }
        Path file = settings.dumpDtb.get();
        try {
            Files.write(file, machine.deviceTree());
        } catch (IOException e) {
            Host.discard(file);
            throw new UserError("--dump-dtb " + file + " cannot be written (" + Host.reason(e)
                    + "): name a file in a directory that is there, writable and not full", e);
        }
    }

    /** What the keys after Ctrl-a do. */
    private final class Keys implements EscapeKeys.Actions {
        @Override
        public void exit() {
            verdict.quit();
        }

        @Override
        public void help() {
            Messages.say(EscapeKeys.HELP);
        }

        @Override
        public void nest() {
            synchronized (GuestSession.this) {
                if (machine != null) {
                    machine.nest().forEach(Messages::say);
                }
            }
        }

        @Override
        public void status() {
            synchronized (GuestSession.this) {
                if (machine != null) {
                    Messages.say(statistics.line(machine));
                }
            }
        }
    }
}
