package org.apache.parquet;

import java.util.Map;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.format.converter.ParquetMetadataConverter;

/**
 * Options to read every row of a file. They stand in Parquet's own package because its builder of
 * options asks a class that extends one of Hadoop's whether there is a filter, and its constructor
 * is seen from nowhere else; all the rest of reading does without Hadoop.
 */
public final class PlainReadOptions extends ParquetReadOptions {
  private static final int MOST_BYTES_AT_ONCE = 8 << 20;

  /**
   * @param codecs of the file
   */
  public PlainReadOptions(CompressionCodecFactory codecs) {
    super(
        false, // signed minima of texts, statistics, dictionaries: there is nothing to filter by
        false,
        false,
        false,
        false,
        false, // checksums of pages
        false, // Bloom filters
        false, // decryption outside the heap
        false, // Hadoop's reads of several ranges
        FilterCompat.NOOP,
        ParquetMetadataConverter.NO_FILTER,
        codecs,
        new HeapByteBufferAllocator(),
        MOST_BYTES_AT_ONCE,
        Map.of(),
        null,
        null,
        new PlainParquetConfiguration());
  }
}
