package dev.turnout.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.apache.kafka.common.errors.SerializationException;

/** Every record type that travels, with any values, and with any damage on its way. */
class AvroWireProperties {
  private static final String TOPIC = "any";
  private static final Map<String, Object> CONFIG =
      Map.of("schema.registry.url", "mock://avro-wire-properties");
  private static final List<Class<? extends SpecificRecord>> TYPES =
      List.of(
          BudgetEvent.class,
          BudgetState.class,
          Grade.class,
          LlmProfile.class,
          Outcome.class,
          Posterior.class,
          Query.class,
          RoutedRequest.class,
          RouterModelRecord.class,
          RoutingDecision.class,
          TrainingSample.class);

  /** A record as a stranger wrote it, with random values in every field. */
  record Written(Class<? extends SpecificRecord> type, byte[] bytes) {
    static Written of(Class<? extends SpecificRecord> type, int seed) {
      Schema schema = SpecificData.get().getSchema(type);
      int id = SchemaRegistryClient.create(CONFIG).register(type.getSimpleName(), schema);
      IndexedRecord values = (IndexedRecord) new RandomData(schema, 1, seed).iterator().next();
      return new Written(type, WireRecords.of(id, values));
    }

    /** What our deserialiser makes of some bytes of this type. */
    SpecificRecord read(byte[] damaged) {
      return AvroSerdes.of(type, CONFIG).deserializer().deserialize(TOPIC, damaged);
    }

    @SuppressWarnings("unchecked") // a record of the very type
    <T extends SpecificRecord> byte[] written(SpecificRecord record) {
      return AvroSerdes.of((Class<T>) type, CONFIG).serializer().serialize(TOPIC, (T) record);
    }

    @Override
    public String toString() {
      return type.getSimpleName() + Arrays.toString(bytes);
    }
  }

  @Provide
  Arbitrary<Written> records() {
    return Combinators.combine(Arbitraries.of(TYPES), Arbitraries.integers()).as(Written::of);
  }

  @Property(tries = 500)
  void shouldReadAStrangersRecordAndItsOwn(@ForAll("records") Written record) {
    // when
    SpecificRecord read = record.read(record.bytes());
    SpecificRecord again = record.read(record.written(read));

    // then
    assertThat(again).isEqualTo(read);
  }

  @Property(tries = 600)
  void shouldReadOrRefuseADamagedRecord(
      @ForAll("records") Written record,
      @ForAll @Size(min = 1, max = 6) int[] places,
      @ForAll byte value) {
    byte[] damaged = record.bytes().clone();
    for (int place : places) {
      damaged[Math.floorMod(place, damaged.length)] = value;
    }

    requireReadOrRefused(record, damaged);
  }

  @Property(tries = 500)
  void shouldRefuseATruncatedRecord(
      @ForAll("records") Written record, @ForAll @IntRange(min = 0, max = 9_999) int share) {
    byte[] bytes = record.bytes();
    byte[] cut = Arrays.copyOf(bytes, (int) (bytes.length * (long) share / 10_000));

    assertThatThrownBy(() -> record.read(cut)).isInstanceOf(SerializationException.class);
  }

  @Property(tries = 600)
  void shouldReadOrRefuseAnyBytesUnderAKnownSchema(
      @ForAll("records") Written record, @ForAll @Size(max = 300) byte[] body) {
    byte[] bytes =
        ByteBuffer.allocate(WireFormat.HEADER_BYTES + body.length)
            .put(record.bytes(), 0, WireFormat.HEADER_BYTES)
            .put(body)
            .array();

    requireReadOrRefused(record, bytes);
  }

  private static void requireReadOrRefused(Written record, byte[] bytes) {
    try {
      assertThat(record.read(bytes)).isInstanceOf(record.type());
    } catch (SerializationException refused) {
      assertThat(refused).hasMessageMatching("(?s).*(topic any|schema).*");
    }
  }
}
