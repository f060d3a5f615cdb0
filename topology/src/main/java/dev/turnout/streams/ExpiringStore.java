package dev.turnout.streams;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Values by text key that leave by age and by number, oldest first. Two changelogged stores: the
 * values, and their keys in the order of time, so that what has expired is found without a scan of
 * the rest, each with whether it was announced. Confined to its task.
 */
public final class ExpiringStore {
  private static final byte[] UNANNOUNCED = {};
  private static final byte[] ANNOUNCED = {1};

  private final KeyValueStore<Bytes, byte[]> values;
  private final KeyValueStore<Bytes, byte[]> byTime;
  private long size;

  private ExpiringStore(KeyValueStore<Bytes, byte[]> values, KeyValueStore<Bytes, byte[]> byTime) {
    this.values = values;
    this.byTime = byTime;
    try (KeyValueIterator<Bytes, byte[]> all = byTime.all()) {
      while (all.hasNext()) {
        all.next();
        size++;
      }
    }
  }

  /** The two stores to add to the topology, on disk. */
  public static List<StoreBuilder<?>> builders(String name) {
    return builders(name, Stores::persistentKeyValueStore);
  }

  /** The same in memory, for an application that keeps no state directory. */
  public static List<StoreBuilder<?>> inMemory(String name) {
    return builders(name, Stores::inMemoryKeyValueStore);
  }

  private static List<StoreBuilder<?>> builders(
      String name, Function<String, KeyValueBytesStoreSupplier> kind) {
    List<StoreBuilder<?>> builders = new ArrayList<>();
    for (String each : List.of(name, name + "-by-time")) {
      builders.add(
          Stores.keyValueStoreBuilder(kind.apply(each), Serdes.Bytes(), Serdes.ByteArray()));
    }
    return builders;
  }

  /** The stores of a processor that names them; made anew whenever it is initialised. */
  public static ExpiringStore of(ProcessorContext<?, ?> context, String name) {
    return new ExpiringStore(context.getStateStore(name), context.getStateStore(name + "-by-time"));
  }

  /** The value of a key, however old; null without one. */
  public byte @Nullable [] get(String key) {
    byte[] stored = values.get(bytes(key));
    return stored == null ? null : payload(stored);
  }

  /** The value of a key if it is not older than a moment. */
  public byte @Nullable [] getSince(String key, long oldest) {
    byte[] stored = values.get(bytes(key));
    return stored == null || ByteBuffer.wrap(stored).getLong() < oldest ? null : payload(stored);
  }

  /** Puts a value; one of the same key is replaced and gets the new age. */
  public void put(String key, byte[] value, long time) {
    remove(key);
    values.put(
        bytes(key),
        ByteBuffer.allocate(Long.BYTES + value.length).putLong(time).put(value).array());
    byTime.put(timeKey(time, key), UNANNOUNCED);
    size++;
  }

  /** Removes a value; nothing happens without one. */
  public void remove(String key) {
    byte[] stored = values.delete(bytes(key));
    if (stored != null) {
      byTime.delete(timeKey(ByteBuffer.wrap(stored).getLong(), key));
      size--;
    }
  }

  /** Every entry whose key begins with a prefix. */
  public List<KeyValue<String, byte[]>> withPrefix(String prefix) {
    return withPrefixSince(prefix, Long.MIN_VALUE);
  }

  /** Every entry whose key begins with a prefix and that is not older than a moment. */
  public List<KeyValue<String, byte[]>> withPrefixSince(String prefix, long oldest) {
    List<KeyValue<String, byte[]>> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> each =
        values.prefixScan(bytes(prefix), new BytesSerializer())) {
      while (each.hasNext()) {
        KeyValue<Bytes, byte[]> next = each.next();
        if (ByteBuffer.wrap(next.value).getLong() >= oldest) {
          found.add(KeyValue.pair(text(next.key.get(), 0), payload(next.value)));
        }
      }
    }
    return found;
  }

  /**
   * Removes what is older than a moment and, oldest first, what is beyond a number.
   *
   * @param leaving told of every entry that leaves and was not announced
   */
  public void expire(long olderThan, long capacity, BiConsumer<String, byte[]> leaving) {
    List<KeyValue<String, Boolean>> expired = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> each = byTime.all()) {
      while (each.hasNext()) {
        KeyValue<Bytes, byte[]> next = each.next();
        byte[] timeKey = next.key.get();
        long time = ByteBuffer.wrap(timeKey).getLong();
        if (time >= olderThan && size - expired.size() <= capacity) {
          break;
        }
        expired.add(KeyValue.pair(text(timeKey, Long.BYTES), next.value.length > 0));
      }
    }
    for (KeyValue<String, Boolean> each : expired) {
      byte[] value = get(each.key);
      remove(each.key);
      if (value != null && !each.value) {
        leaving.accept(each.key, value);
      }
    }
  }

  /** Tells of every entry that was not announced; the entries stay until they expire. */
  public void announce(BiConsumer<String, byte[]> entry) {
    List<Bytes> timeKeys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> each = byTime.all()) {
      while (each.hasNext()) {
        KeyValue<Bytes, byte[]> next = each.next();
        if (next.value.length == 0) {
          timeKeys.add(next.key);
        }
      }
    }
    for (Bytes timeKey : timeKeys) {
      byTime.put(timeKey, ANNOUNCED);
      String key = text(timeKey.get(), Long.BYTES);
      byte[] value = get(key);
      if (value != null) {
        entry.accept(key, value);
      }
    }
  }

  /** How many values there are. */
  public long size() {
    return size;
  }

  private static Bytes bytes(String key) {
    return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes timeKey(long time, String key) {
    byte[] text = key.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + text.length).putLong(Math.max(0, time)).put(text).array());
  }

  private static byte[] payload(byte[] stored) {
    byte[] value = new byte[stored.length - Long.BYTES];
    System.arraycopy(stored, Long.BYTES, value, 0, value.length);
    return value;
  }

  private static String text(byte[] bytes, int from) {
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
  }
}
