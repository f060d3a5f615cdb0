package dev.turnout.serde;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.topic.TopicSchemas;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Any bytes as a record's value: they read as a record, or are refused with a serialisation error.
 */
class WireDecoderFuzz {

  private static final Map<String, Object> CONFIG =
      Map.of("schema.registry.url", "mock://wire-decoder-fuzz");
  private static final List<Schema> OURS = TopicSchemas.all();

  /** What another may have written our queries with: types that we have to skip. */
  private static final Schema FOREIGN = foreign();

  private static final List<Integer> IDS = ids();

  private static Schema foreign() {
    Schema nested = Schema.createRecord("Nested", null, "dev.foreign", false);
    nested.setFields(
        List.of(
            new Schema.Field("next", Schema.createUnion(Schema.create(Schema.Type.NULL), nested)),
            new Schema.Field(
                "nothings",
                Schema.createArray(Schema.createArray(Schema.create(Schema.Type.NULL)))),
            new Schema.Field("maps", Schema.createMap(Schema.createArray(nested))),
            new Schema.Field("fixed", Schema.createFixed("F", null, null, 7))));
    return SchemaBuilder.record("Query")
        .namespace("dev.turnout.schema")
        .fields()
        .name("foreign")
        .type(nested)
        .noDefault()
        .requiredString("id")
        .requiredBytes("text")
        .endRecord();
  }

  private static List<Integer> ids() {
    SchemaRegistryClient registry = SchemaRegistryClient.create(CONFIG);
    List<Integer> ids =
        new ArrayList<>(
            OURS.stream().map(schema -> registry.register(schema.getName(), schema)).toList());
    ids.add(registry.register("foreign", FOREIGN));
    return List.copyOf(ids);
  }

  /** The first byte chooses the schema, or none; the rest is the record's body. */
  @FuzzTest(maxDuration = "5m")
  void shouldReadOrRefuseAnyBytes(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int chosen = Byte.toUnsignedInt(input[0]) % (IDS.size() + 1);
    byte[] value =
        chosen == IDS.size()
            ? Arrays.copyOfRange(input, 1, input.length)
            : ByteBuffer.allocate(WireFormat.HEADER_BYTES + input.length - 1)
                .put(WireFormat.MAGIC)
                .putInt(IDS.get(chosen))
                .put(input, 1, input.length - 1)
                .array();
    try {
      assertThat(reader(Math.min(chosen, OURS.size())).deserialize("any", value)).isNotNull();
    } catch (SerializationException refused) {
      assertThat(refused).hasMessageMatching("(?s).*(topic any|schema).*");
    }
  }

  @SuppressWarnings("unchecked") // the class that Avro generated for this very schema
  private static AvroDeserializer<SpecificRecord> reader(int chosen) {
    Schema schema = chosen == OURS.size() ? OURS.get(query()) : OURS.get(chosen);
    AvroDeserializer<SpecificRecord> reader =
        new AvroDeserializer<>((Class<SpecificRecord>) SpecificData.get().getClass(schema));
    reader.configure(CONFIG, false);
    return reader;
  }

  private static int query() {
    return OURS.stream().map(Schema::getName).toList().indexOf("Query");
  }
}
