package dev.turnout.connect.rows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/**
 * Parquet on a local disk, without Hadoop: {@link PlainParquetConfiguration} instead of Hadoop's,
 * {@link LocalOutputFile} instead of its file systems, and {@link ZstdCodecs} instead of its
 * codecs. Parquet's own codec factory would load Hadoop's interfaces.
 */
final class ParquetRowFile implements RowFile {
  private static final long ROW_GROUP = 16L * 1024 * 1024;

  private final Path path;
  private final ParquetWriter<IndexedRecord> writer;

  ParquetRowFile(Path path, Schema schema) throws IOException {
    this.path = path;
    Files.deleteIfExists(path);
    GenericData model = new GenericData();
    model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    ParquetConfiguration configuration = new PlainParquetConfiguration();
    // lists of three levels, as Parquet's specification has them and all readers expect
    configuration.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
    writer =
        AvroParquetWriter.<IndexedRecord>builder(new LocalOutputFile(path))
            .withConf(configuration)
            .withSchema(schema)
            .withDataModel(model)
            .withCodecFactory(new ZstdCodecs())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP)
            .build();
  }

  @Override
  public void write(IndexedRecord row) throws IOException {
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.force(true);
    }
  }
}
