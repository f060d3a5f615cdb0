package dev.turnout.streams;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;

/** Has a RocksDB store take its memory from the application's {@link StateMemory}. */
public final class StateMemorySetter implements RocksDBConfigSetter {
  /** Kafka Streams configuration key that hands over the memory. */
  public static final String MEMORY_CONFIG = "turnout.state.memory";

  /** One is filled while another is written out. */
  private static final int WRITE_BUFFERS = 2;

  /** Adds the memory to the configuration of a Kafka Streams application. */
  public static void configure(Map<String, Object> config, StateMemory memory) {
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemorySetter.class);
    config.put(MEMORY_CONFIG, memory);
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    if (!(configs.get(MEMORY_CONFIG) instanceof StateMemory memory)) {
      throw new ConfigException(MEMORY_CONFIG + " is not set; hand over the stores' memory");
    }
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(memory.cache());
    // otherwise indexes and filters lie outside the cache, and grow with the number of files
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(memory.writeBuffers());
    options.setWriteBufferSize(memory.bufferBytes());
    options.setMaxWriteBufferNumber(WRITE_BUFFERS);
  }

  /** Closes nothing: cache and write buffers are shared by all stores. */
  @Override
  public void close(String storeName, Options options) {}
}
