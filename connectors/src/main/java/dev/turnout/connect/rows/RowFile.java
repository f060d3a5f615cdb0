package dev.turnout.connect.rows;

import java.io.Closeable;
import java.io.IOException;
import org.apache.avro.generic.IndexedRecord;

/** A file of rows that is being written. Confined to one thread. */
public interface RowFile extends Closeable {

  /**
   * Adds a row.
   *
   * @param row of the schema that the file was created with; moments may be {@link
   *     java.time.Instant} or epoch milliseconds
   * @throws IOException if the disk does not take it; the file is then of no use
   */
  void write(IndexedRecord row) throws IOException;

  /**
   * Ends the file. When this returns, all of it is on the disk and survives a crash of the machine.
   *
   * @throws IOException if that failed; the file is then of no use
   */
  @Override
  void close() throws IOException;
}
