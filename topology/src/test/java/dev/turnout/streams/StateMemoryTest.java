package dev.turnout.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateMemoryTest {
  private static final int STORES = 10;
  private static final int RECORDS = 3_000;

  @TempDir private Path directory;

  private static KeyValueStore<Bytes, byte[]> store(
      MockProcessorContext<byte[], byte[]> context, String name) {
    KeyValueStore<Bytes, byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    return store;
  }

  private MockProcessorContext<byte[], byte[]> context(Map<String, Object> config) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:9092");
    properties.putAll(config);
    return new MockProcessorContext<>(properties, new TaskId(0, 0), directory.toFile());
  }

  @Test
  void shouldKeepAllStoresTogetherToOneFigure() {
    try (StateMemory memory = new StateMemory(8, STORES)) {
      // given ten stores, which by themselves would take fifty MiB of blocks each
      Map<String, Object> config = new HashMap<>();
      StateMemorySetter.configure(config, memory);
      MockProcessorContext<byte[], byte[]> context = context(config);
      List<KeyValueStore<Bytes, byte[]>> stores = new ArrayList<>();
      for (int i = 0; i < STORES; i++) {
        stores.add(store(context, "store-" + i));
      }

      // when they are written one after the other, so that the others idle, and read
      Random random = new Random(1);
      long most = 0;
      for (KeyValueStore<Bytes, byte[]> store : stores) {
        for (int i = 0; i < RECORDS; i++) {
          byte[] value = new byte[1_024];
          random.nextBytes(value);
          store.put(Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(i).array()), value);
        }
        most = Math.max(most, memory.usedBytes());
      }
      for (KeyValueStore<Bytes, byte[]> store : stores) {
        int read = 0;
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
          while (all.hasNext()) {
            all.next();
            read++;
          }
        }
        most = Math.max(most, memory.usedBytes());
        assertThat(read).isEqualTo(RECORDS);
      }

      // then they took what there is, and little more for what is written at a moment
      assertThat(most).isBetween(2L << 20, 12L << 20);
      stores.forEach(KeyValueStore::close);
    }
  }

  @Test
  void shouldRefuseStoresWithoutTheirMemory() {
    MockProcessorContext<byte[], byte[]> context =
        context(Map.of(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemorySetter.class));

    assertThatThrownBy(() -> store(context, "store")).isInstanceOf(ConfigException.class);
  }

  @Test
  void shouldTellThatNothingIsUsedOnceItIsClosed() {
    StateMemory memory = new StateMemory(StateMemory.FEWEST, STORES);
    memory.close();
    memory.close();

    assertThat(memory.usedBytes()).isZero();
    assertThatThrownBy(() -> new StateMemory(7, STORES)).hasMessageContaining("at least 8 MiB");
  }
}
