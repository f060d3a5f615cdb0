package dev.turnout.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.ApiKey;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Cancellation;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.Reply;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The largest record of every topic, made of its schema, against what the topic takes. */
class RecordLimitsTest {
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();
  private static final Map<String, Object> SERDES = Map.of("schema.registry.url", "mock://limits");

  /** What lies on a topic. */
  record OnTopic(String topic, Schema schema, ValueLimit limit) {
    @Override
    public String toString() {
      return topic;
    }
  }

  static Stream<OnTopic> topics() {
    return Stream.of(
        new OnTopic(TOPICS.queries(), Query.getClassSchema(), RecordLimits.QUERY),
        new OnTopic(TOPICS.requests("m"), RoutedRequest.getClassSchema(), RecordLimits.REQUEST),
        new OnTopic(TOPICS.decisions(), RoutingDecision.getClassSchema(), RecordLimits.DECISION),
        new OnTopic(TOPICS.outcomes(), Outcome.getClassSchema(), RecordLimits.OUTCOME),
        new OnTopic(TOPICS.feedback(), Grade.getClassSchema(), RecordLimits.GRADE),
        new OnTopic(TOPICS.samples(), TrainingSample.getClassSchema(), RecordLimits.SAMPLE),
        new OnTopic(TOPICS.posteriors(), Posterior.getClassSchema(), RecordLimits.POSTERIOR),
        new OnTopic(TOPICS.models(), RouterModelRecord.getClassSchema(), RecordLimits.MODEL),
        new OnTopic(TOPICS.llms(), LlmProfile.getClassSchema(), RecordLimits.LLM),
        new OnTopic(TOPICS.tenants(), Tenant.getClassSchema(), RecordLimits.TENANT),
        new OnTopic(TOPICS.keys(), ApiKey.getClassSchema(), RecordLimits.API_KEY),
        new OnTopic(TOPICS.budgetEvents(), BudgetEvent.getClassSchema(), RecordLimits.TENANT),
        new OnTopic(TOPICS.budgets(), BudgetState.getClassSchema(), RecordLimits.TENANT),
        new OnTopic(TOPICS.replies(), Reply.getClassSchema(), RecordLimits.REPLY),
        new OnTopic(TOPICS.cancellations(), Cancellation.getClassSchema(), RecordLimits.SIGNAL),
        new OnTopic(TOPICS.availability(), LlmAvailability.getClassSchema(), RecordLimits.SIGNAL));
  }

  @Test
  void shouldKnowTheRecordsOfEveryTopic() {
    assertThat(topics().map(each -> each.schema().getName()))
        .containsExactlyElementsOf(
            TOPICS.topics().stream()
                .map(TopicSpec::value)
                .filter(value -> !value.startsWith("bytes"))
                .distinct()
                .toList());
  }

  @ParameterizedTest
  @MethodSource("topics")
  void shouldFitTheLargestRecordOnItsTopic(OnTopic on) {
    // given
    SpecificRecord largest = LargestRecord.of(on.schema());

    // when
    byte[] value = bytes(on.topic(), largest);

    // then it keeps to its limits, and the topic and a producer take it with any key and headers
    assertThat(FieldLimits.excess(largest)).isNull();
    assertThat(on.limit().excess(value)).as("%s bytes", value.length).isNull();
    int onTopic = recordBytes(LargestRecord.key(), value, headers(RecordLimits.HEADERS));
    assertThat(onTopic)
        .isLessThanOrEqualTo(limit(on.topic()))
        .isLessThanOrEqualTo(RecordLimits.LARGEST_MESSAGE);
  }

  @ParameterizedTest
  @MethodSource("topics")
  void shouldFitTheDeadLetterOfWhateverATopicTakes(OnTopic on) {
    // given the largest valid value, and one as large as the topic takes
    byte[] valid = new byte[on.limit().value()];
    byte[] any = new byte[limit(on.topic())];
    Headers headers = headers(RecordLimits.HEADERS);

    // when
    DeadLetterRecord ofValid = letter(on.topic(), LargestRecord.key(), valid, headers);
    DeadLetterRecord ofAny = letter(on.topic(), new byte[1 << 20], any, headers(1 << 20));

    // then what is valid is carried whole
    assertThat(ofValid.headers().lastHeader(DeadLetters.OMITTED)).isNull();
    assertThat(ofValid.value()).isEqualTo(valid);
    for (DeadLetterRecord letter : new DeadLetterRecord[] {ofValid, ofAny}) {
      assertThat(recordBytes(letter.key(), letter.value(), letter.headers()))
          .isLessThanOrEqualTo(limit(TOPICS.dlq()));
    }
  }

  @Test
  void shouldFitTheLargestEntryOfAStateStoreOnItsChangelog() {
    // given a store that keeps the largest value of any topic, with a time before it
    int entry = Long.BYTES + RecordLimits.OUTCOME.value();
    int key = Long.BYTES + FieldLimits.QUERY_ID + FieldLimits.LLM_ID + FieldLimits.GRADER + 2;

    // when, then
    assertThat(key).isLessThanOrEqualTo(RecordLimits.KEY);
    assertThat(recordBytes(new byte[key], new byte[entry], new RecordHeaders()))
        .isLessThanOrEqualTo(RecordLimits.LARGEST_MESSAGE);
  }

  @Test
  void shouldNameTheFirstFieldThatIsTooLargeWithItsSizeAndLimit() {
    Query query =
        Query.newBuilder()
            .setId("q")
            .setText("text")
            .setConstraints(
                QueryConstraints.newBuilder().setPolicy("é".repeat(FieldLimits.POLICY)).build())
            .build();

    assertThat(FieldLimits.excess(query))
        .isEqualTo("constraints.policy has 256 bytes, the limit is 128");
  }

  @Test
  void shouldCountTheEntriesOfListsAndMapsAndTheirBytesTogether() {
    Query.Builder query = Query.newBuilder().setId("q").setText("text");
    QueryConstraints manyLlms =
        QueryConstraints.newBuilder()
            .setAllowedLlms(IntStream.range(0, 201).mapToObj(i -> "llm-" + i).toList())
            .build();

    assertThat(FieldLimits.excess(query.setConstraints(manyLlms).build()))
        .isEqualTo("constraints.allowedLlms has 201 entries, the limit is 200");
    assertThat(
            FieldLimits.excess(
                query
                    .setConstraints(null)
                    .setMetadata(Map.of("blob", "x".repeat(FieldLimits.METADATA - 3)))
                    .build()))
        .isEqualTo("metadata has 65537 bytes, the limit is 65536");
    assertThat(
            FieldLimits.excess(
                query.setMetadata(Map.of("b", "x".repeat(FieldLimits.METADATA - 1))).build()))
        .isNull();
  }

  @Test
  void shouldStandInTheDocumentation() throws IOException {
    // given
    String page = Files.readString(Path.of("..", "docs", "limits.md"));

    // when
    StringBuilder fields = new StringBuilder("| Field | Entries | Bytes |\n|---|---:|---:|\n");
    FieldLimits.all()
        .forEach(
            (field, limit) ->
                fields.append(
                    String.format(
                        Locale.ROOT,
                        "| `%s` | %s | %s |%n",
                        field,
                        limit.entries() == 1
                            ? ""
                            : String.format(Locale.ROOT, "%,d", limit.entries()),
                        limit.bytes() == 0
                            ? ""
                            : String.format(Locale.ROOT, "%,d", limit.bytes()))));
    StringBuilder values = new StringBuilder("| Topic | Largest value, bytes |\n|---|---:|\n");
    topics()
        .forEach(
            on ->
                values.append(
                    String.format(
                        Locale.ROOT,
                        "| `%s` | %,d |%n",
                        on.topic().replace("requests.m", "requests.<llm>"),
                        on.limit().value())));

    // then: a failure prints what belongs there
    assertThat(page).contains(fields).contains(values);
  }

  private static DeadLetterRecord letter(String topic, byte[] key, byte[] value, Headers headers) {
    RefusedRecord refused =
        new RefusedRecord(topic, Integer.MAX_VALUE, Long.MAX_VALUE, key, value, headers);
    return DeadLetters.of(refused, "ATTEMPTS_EXHAUSTED", "x".repeat(100_000), "n".repeat(100));
  }

  /** Headers of just so many bytes, in many small ones, which take most room for their lengths. */
  private static Headers headers(int bytes) {
    Headers headers = new RecordHeaders();
    for (int i = 0; i < bytes / 11; i++) {
      headers.add("h", null);
    }
    return headers;
  }

  private static byte[] bytes(String topic, SpecificRecord record) {
    byte[] bytes =
        AvroSerdes.of(SpecificRecord.class, SERDES).serializer().serialize(topic, record);
    if (bytes == null) {
      throw new AssertionError("no bytes of " + record.getSchema().getName());
    }
    return bytes;
  }

  private static int limit(String topic) {
    String name = topic.startsWith(TOPICS.requestsPrefix()) ? TOPICS.requests("m") : topic;
    return Stream.concat(TOPICS.topics().stream(), Stream.of(TOPICS.requestsSpec("m")))
        .filter(spec -> spec.name().equals(name))
        .map(spec -> Integer.parseInt(spec.config().get("max.message.bytes")))
        .findFirst()
        .orElseThrow();
  }

  /** What a record takes with a batch of its own, in the very format that producers send. */
  private static int recordBytes(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    return MemoryRecords.withRecords(
            Compression.NONE, new SimpleRecord(Long.MAX_VALUE / 2, key, value, headers.toArray()))
        .sizeInBytes();
  }
}
