package dev.turnout.connect.rows;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.avro.generic.IndexedRecord;

/** JSON Lines. */
final class JsonRowFile implements RowFile {
  private static final int BUFFER = 64 * 1024;

  private final FileChannel file;
  private final OutputStream out;

  JsonRowFile(Path path) throws IOException {
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
  }

  @Override
  public void write(IndexedRecord row) throws IOException {
    try (JsonGenerator json = RowJson.MAPPER.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      json.writeTree(RowJson.of(row));
    }
    out.write('\n');
  }

  @Override
  public void close() throws IOException {
    try (file) {
      out.flush();
      file.force(true);
    }
  }
}
