package io.nestling.runtime.device.share;

import io.nestling.runtime.device.virtio.DescriptorChain;
import io.nestling.runtime.device.virtio.QueueWorker;
import io.nestling.runtime.device.virtio.VirtioDevice;
import io.nestling.runtime.device.virtio.VirtioSession;
import io.nestling.runtime.device.virtio.Virtqueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder of the host as a 9P transport (Virtual I/O Device Version 1.2, 5.13 names the device; one queue of requests
 * with their answers). The guest mounts it by its tag.
 */
public final class Virtio9p implements VirtioDevice {
    /** Bytes of a tag at most. */
    public static final int MAX_TAG = 255;

    private static final int MOUNT_TAG = 0;
    private static final int QUEUE_SIZE = 128;

    private final P9Server server;
    private final byte[] config;
    private final QueueWorker worker;
    private final ByteBuffer request = ByteBuffer.allocateDirect(P9Server.MESSAGE_SIZE);
    private final ByteBuffer reply = ByteBuffer.allocateDirect(P9Server.MESSAGE_SIZE);

    /**
     * Opens the folder for a guest.
     *
     * @param tag what the guest knows it by, ASCII
     * @param synchronous true to serve requests within the notification
     * @throws IOException when the folder cannot be opened
     */
    public Virtio9p(Path folder, String tag, boolean readOnly, boolean synchronous) throws IOException {
        byte[] name = tag.getBytes(StandardCharsets.US_ASCII);
        config = ByteBuffer.allocate(2 + name.length).order(ByteOrder.LITTLE_ENDIAN).putShort((short) name.length).put(name)
                .array();
        server = new P9Server(new HostFolder(folder, readOnly));
        worker = new QueueWorker("share " + tag, synchronous, this::serve);
    }

    @Override
    public int type() {
        return FILES_9P;
    }

    @Override
    public String name() {
        return "share";
    }

    @Override
    public int pciClass() {
        return 0x000200;
    }

    @Override
    public long features() {
        return 1L << MOUNT_TAG;
    }

    @Override
    public int[] queues() {
        return new int[] {QUEUE_SIZE};
    }

    @Override
    public byte[] config() {
        return config.clone();
    }

    @Override
    public void start(VirtioSession session) {
        server.reset();
        worker.start(session);
    }

    @Override
    public void notify(int queue) {
        worker.notified();
    }

    @Override
    public void reset() {
        worker.reset();
        server.reset();
    }

    @Override
    public void close() {
        worker.close();
        server.close();
    }

    private boolean serve(VirtioSession s, boolean mayWait) {
        if (!mayWait) {
            return false;
        }
        Virtqueue queue = s.queue(0);
        while (queue != null && worker.current(s)) {
            DescriptorChain chain = queue.take();
            if (chain == null) {
                return true;
            }
            if (!answer(chain)) {
                s.fail();
                return true;
            }
            queue.complete(chain);
        }
        return true;
    }

    /** Serves one request; false when it is none, or its answer has no room. */
    private boolean answer(DescriptorChain chain) {
        if (chain.readable() > P9Server.MESSAGE_SIZE) {
            return false;
        }
        request.clear();
        List<ByteBuffer> parts = chain.nextToRead(chain.readable());
        parts.forEach(request::put);
        request.flip();
        if (!server.answer(new Message(request), new Message(reply)) || chain.writable() < reply.remaining()) {
            return false;
        }
        int length = reply.remaining();
        for (ByteBuffer part : chain.nextToWrite(length)) {
            int n = part.remaining();
            part.put(reply.slice(reply.position(), n));
            reply.position(reply.position() + n);
        }
        chain.wrote(length);
        return true;
    }
}
