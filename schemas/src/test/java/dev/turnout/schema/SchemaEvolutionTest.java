package dev.turnout.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the records to what is promised to those who already have them on their topics. The files
 * under {@code frozen/} are the schemas of released versions, never to be edited.
 */
class SchemaEvolutionTest {

  private static final List<String> RELEASES = List.of("v1");

  static Stream<Schema> topicRecords() {
    return Stream.of(
        Query.getClassSchema(),
        RoutedRequest.getClassSchema(),
        RoutingDecision.getClassSchema(),
        Outcome.getClassSchema(),
        Grade.getClassSchema(),
        TrainingSample.getClassSchema(),
        Posterior.getClassSchema(),
        LlmProfile.getClassSchema(),
        RouterModelRecord.getClassSchema(),
        Tenant.getClassSchema(),
        BudgetEvent.getClassSchema(),
        BudgetState.getClassSchema());
  }

  @ParameterizedTest
  @MethodSource("topicRecords")
  void shouldReadEveryReleasedVersion(Schema current) throws IOException {
    for (String release : RELEASES) {
      // given
      Schema released = released(release, current);

      // when
      SchemaCompatibility.SchemaPairCompatibility fit =
          SchemaCompatibility.checkReaderWriterCompatibility(current, released);

      // then
      assertThat(fit.getType())
          .as("%s reads %s: %s", current.getFullName(), release, fit.getResult())
          .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }
  }

  @ParameterizedTest
  @MethodSource("topicRecords")
  void shouldDocumentEveryRecordEnumAndField(Schema schema) {
    List<String> undocumented = new ArrayList<>();

    collectUndocumented(schema, new HashSet<>(), undocumented);

    assertThat(undocumented).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("topicRecords")
  void shouldGiveEveryOptionalFieldADefault(Schema schema) {
    assertThat(schema.getFields())
        .filteredOn(field -> field.schema().isNullable())
        .allSatisfy(field -> assertThat(field.hasDefaultValue()).as(field.name()).isTrue());
  }

  private static Schema released(String release, Schema current) throws IOException {
    String name = "/frozen/" + release + "/" + current.getName() + ".avsc";
    try (InputStream file = SchemaEvolutionTest.class.getResourceAsStream(name)) {
      return new Schema.Parser().parse(Objects.requireNonNull(file, name));
    }
  }

  private static void collectUndocumented(Schema schema, Set<String> seen, List<String> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          require(schema.getDoc(), schema.getFullName(), found);
          schema
              .getFields()
              .forEach(
                  field -> {
                    require(field.doc(), schema.getName() + "." + field.name(), found);
                    collectUndocumented(field.schema(), seen, found);
                  });
        }
      }
      case ENUM -> require(schema.getDoc(), schema.getFullName(), found);
      case ARRAY -> collectUndocumented(schema.getElementType(), seen, found);
      case MAP -> collectUndocumented(schema.getValueType(), seen, found);
      case UNION -> schema.getTypes().forEach(type -> collectUndocumented(type, seen, found));
      default -> {
        // a primitive is documented by its field
      }
    }
  }

  private static void require(String doc, String what, List<String> found) {
    if (doc == null || doc.isBlank()) {
      found.add(what);
    }
  }
}
