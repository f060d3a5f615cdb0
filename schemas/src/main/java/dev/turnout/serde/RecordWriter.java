package dev.turnout.serde;

import dev.turnout.registry.RegisteredSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Writes the records of one class under one schema id. */
final class RecordWriter {

  /** A larger buffer is given back after use: one huge query must not cost memory for ever. */
  private static final int LARGEST_KEPT_BUFFER = 256 * 1024;

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private final int id;
  private final DatumWriter<SpecificRecord> writer;
  private final @Nullable Translation translation;

  private RecordWriter(
      int id, DatumWriter<SpecificRecord> writer, @Nullable Translation translation) {
    this.id = id;
    this.writer = writer;
    this.translation = translation;
  }

  /** From the program's schema to the registry's. */
  private record Translation(Schema from, Schema to) {}

  private static final class Scratch {
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    private @Nullable BinaryEncoder encoder;

    private byte[] finish() {
      byte[] result = bytes.toByteArray();
      if (result.length > LARGEST_KEPT_BUFFER) {
        bytes = new ByteArrayOutputStream(4096);
      }
      return result;
    }
  }

  /** Writes with the record's own schema. */
  static RecordWriter own(SpecificRecord sample, int id) {
    return new RecordWriter(id, datumWriter(sample), null);
  }

  /** Writes with a subject's latest schema, translating by Avro's resolution where they differ. */
  static RecordWriter latest(SpecificRecord sample, RegisteredSchema latest, boolean strict) {
    Schema own = sample.getSchema();
    if (latest.schema().equals(own)) {
      return own(sample, latest.id());
    }
    SchemaPairCompatibility fit =
        SchemaCompatibility.checkReaderWriterCompatibility(latest.schema(), own);
    if (strict && fit.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new SerializationException(
          "subject "
              + latest.subject()
              + " version "
              + latest.version()
              + " cannot take this program's "
              + own.getFullName()
              + ": "
              + fit.getDescription()
              + "; register a compatible version, or set use.latest.version=false");
    }
    return new RecordWriter(
        latest.id(), datumWriter(sample), new Translation(own, latest.schema()));
  }

  private static DatumWriter<SpecificRecord> datumWriter(SpecificRecord sample) {
    // the class's own data model knows the conversions of its logical types
    SpecificData model = SpecificData.getForClass(sample.getClass());
    // records without such types bring code of their own, several times faster than reflection
    model.setCustomCoders(true);
    return new SpecificDatumWriter<>(sample.getSchema(), model);
  }

  byte[] write(SpecificRecord sample) throws IOException {
    Scratch scratch = SCRATCH.get();
    if (translation == null) {
      begin(scratch);
      encode(scratch, writer, sample);
      return scratch.finish();
    }
    scratch.bytes.reset();
    encode(scratch, writer, sample);
    byte[] own = scratch.bytes.toByteArray();
    Object generic =
        new GenericDatumReader<>(translation.from(), translation.to())
            .read(null, DecoderFactory.get().binaryDecoder(own, null));
    begin(scratch);
    encode(scratch, new GenericDatumWriter<>(translation.to()), generic);
    return scratch.finish();
  }

  private void begin(Scratch scratch) {
    scratch.bytes.reset();
    scratch.bytes.write(WireFormat.MAGIC);
    scratch.bytes.write(id >>> 24);
    scratch.bytes.write(id >>> 16);
    scratch.bytes.write(id >>> 8);
    scratch.bytes.write(id);
  }

  private static <T> void encode(Scratch scratch, DatumWriter<T> writer, T datum)
      throws IOException {
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(scratch.bytes, scratch.encoder);
    // forgotten until the end: a failed write leaves bytes in it that must reach no other record
    scratch.encoder = null;
    writer.write(datum, encoder);
    encoder.flush();
    scratch.encoder = encoder;
  }
}
