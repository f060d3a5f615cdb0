package dev.turnout.streams;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory, outside the heap, that all state stores of one Kafka Streams application take
 * together. By itself every store of every task would take a cache and write buffers of its own, up
 * to about 100 MiB each, so that their number would decide how much a process needs.
 *
 * <p>What holds at all times: blocks that were read, indexes, filters and write buffers of all
 * stores are charged to one cache of one size. The write buffers of all stores together, full and
 * idle ones too, are at most half of it. The cache keeps to its size but for blocks that are being
 * read and buffers that are being written out at this moment.
 *
 * <p>Why not buffers of any size, and RocksDB's limit on their sum alone: it has only the store
 * that is being written flush. Once idle stores hold all there is, every record of a busy one would
 * make a file of its own.
 *
 * <p>Handed to the stores by {@link StateMemorySetter}. Safe for use by several threads.
 *
 * <p>Sources: RocksDB's write buffer manager; Kafka Streams, "Memory management".
 */
public final class StateMemory implements AutoCloseable {
  /** Fewest mebibytes that make sense. */
  public static final int FEWEST = 8;

  private static final int MIB = 1 << 20;

  /** Shards of the cache, so that stores of several threads do not wait for each other. */
  private static final int SHARD_BITS = 2;

  /** Share of the cache in which indexes and filters stay while blocks come and go. */
  private static final double HIGH_PRIORITY = 0.1;

  /** Smaller write buffers would make files of a few records. */
  private static final long SMALLEST_BUFFER = 64 << 10;

  private final long bufferBytes;
  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private boolean closed;

  /**
   * Memory for one application.
   *
   * @param mebibytes of all its stores together, at least {@value #FEWEST}
   * @param stores most stores that are open at a time
   */
  public StateMemory(int mebibytes, int stores) {
    if (mebibytes < FEWEST) {
      throw new IllegalArgumentException(
          "state stores need at least " + FEWEST + " MiB of memory, but were given " + mebibytes);
    }
    RocksDB.loadLibrary();
    long bytes = (long) mebibytes * MIB;
    this.cache = new LRUCache(bytes, SHARD_BITS, false, HIGH_PRIORITY);
    this.writeBuffers = new WriteBufferManager(bytes / 4 * 3, cache);
    this.bufferBytes = Math.max(SMALLEST_BUFFER, bytes / 2 / stores);
  }

  /** Bytes taken now, write buffers included; 0 once it is closed. */
  public synchronized long usedBytes() {
    return closed ? 0 : cache.getUsage();
  }

  /** Bytes of one store's write buffer. */
  long bufferBytes() {
    return bufferBytes;
  }

  Cache cache() {
    return cache;
  }

  WriteBufferManager writeBuffers() {
    return writeBuffers;
  }

  /** Frees the memory; every store that uses it must be closed. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      writeBuffers.close();
      cache.close();
    }
  }
}
