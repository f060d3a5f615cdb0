package dev.turnout.connect.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.PlainReadOptions;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.RecordMaterializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Parquet one row at a time, compressed with Zstandard as {@link RowFormat#PARQUET} writes
 * it. Row groups are read one after the other here and not by Parquet's own reader of files, which
 * needs Hadoop. Confined to one thread.
 */
public final class ParquetRows implements Closeable {
  private final ParquetFileReader file;
  private final MessageColumnIO columns;
  private final RecordMaterializer<GenericRecord> materializer;
  private @Nullable RecordReader<GenericRecord> group;
  private long left;

  private ParquetRows(ParquetFileReader file, ParquetConfiguration configuration) {
    this.file = file;
    FileMetaData meta = file.getFooter().getFileMetaData();
    Map<String, String> keys = meta.getKeyValueMetaData();
    AvroReadSupport<GenericRecord> support = new AvroReadSupport<>(new GenericData());
    ReadSupport.ReadContext context = support.init(configuration, keys, meta.getSchema());
    this.materializer = support.prepareForRead(configuration, keys, meta.getSchema(), context);
    this.columns =
        new ColumnIOFactory(meta.getCreatedBy())
            .getColumnIO(context.getRequestedSchema(), meta.getSchema(), true);
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read, or is no Parquet
   */
  public static ParquetRows open(Path path) throws IOException {
    ParquetConfiguration configuration = new PlainParquetConfiguration();
    try {
      ParquetFileReader file =
          ParquetFileReader.open(new LocalInputFile(path), new PlainReadOptions(new ZstdCodecs()));
      try {
        return new ParquetRows(file, configuration);
      } catch (RuntimeException odd) {
        file.close();
        throw odd;
      }
    } catch (RuntimeException odd) {
      throw damaged(odd);
    }
  }

  /**
   * The next row as plain JSON, as JSON Lines would have it; null behind the last.
   *
   * @throws IOException if the file is damaged, or compressed otherwise
   */
  public @Nullable ObjectNode next() throws IOException {
    try {
      while (left == 0) {
        PageReadStore pages = file.readNextRowGroup();
        if (pages == null) {
          return null;
        }
        group = columns.getRecordReader(pages, materializer, FilterCompat.NOOP);
        left = pages.getRowCount();
      }
      left--;
      return group == null ? null : RowJson.of(group.read());
    } catch (RuntimeException odd) {
      throw damaged(odd);
    }
  }

  /** Parquet's own exceptions are unchecked, and so are those that its decoders run into. */
  private static IOException damaged(RuntimeException odd) {
    return new IOException(String.valueOf(odd.getMessage()), odd);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
