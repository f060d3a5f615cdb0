package dev.turnout.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.topic.TopicSchemas;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaDifferenceTest {

  private static final String OURS =
      "{'type':'record','name':'R','fields':[{'name':'a','type':'string'},"
          + "{'name':'b','type':['null','long'],'default':null},"
          + "{'name':'c','type':{'type':'array','items':{'type':'enum','name':'E','symbols':['X','Y']}}}]}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'name':'a','type':'string'} | {'name':'a','type':'bytes'} | R.a is bytes instead of string",
        "{'name':'a','type':'string'}, | | R.a is missing",
        "['null','long'],'default':null | 'long' | R.b is long instead of [null, long]",
        "['X','Y'] | ['X'] | R.c[] lacks the symbol Y",
        "'name':'E' | 'name':'F' | R.c[] is F instead of E",
        "'fields':[ | 'fields':[{'name':'d','type':'int'}, | READER_FIELD_MISSING_DEFAULT_VALUE",
      })
  void shouldNameWhatDoesNotTakeOurRecords(String from, @Nullable String to, String difference) {
    // given
    Schema other = parse(OURS.replace(from, to == null ? "" : to));

    // when, then
    assertThat(SchemaDifference.of(parse(OURS), other))
        .hasValueSatisfying(found -> assertThat(found).contains(difference));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'fields':[ | 'fields':[{'name':'d','type':'int','default':1},",
        "'type':'string' | 'type':['null','string']",
        "['X','Y'] | ['Z','Y','X']",
        "'type':'string' | 'type':{'type':'string','avro.java.string':'String'}",
      })
  void shouldLetANewerVersionOfOursPass(String from, String to) {
    assertThat(SchemaDifference.of(parse(OURS), parse(OURS.replace(from, to)))).isEmpty();
  }

  @Test
  void shouldFindNoDifferenceBetweenASchemaAndItself() {
    for (Schema schema : TopicSchemas.all()) {
      assertThat(SchemaDifference.of(schema, schema)).isEmpty();
    }
  }

  @Test
  void shouldPrintEverySchemaWithAllItsTypesEachOnce() {
    for (Schema schema : TopicSchemas.all()) {
      // when a parser that knows nothing else reads it
      Schema alone = new Schema.Parser().parse(SchemaFormatter.format("json/pretty", schema));

      // then
      assertThat(alone).isEqualTo(schema);
      assertThat(schema.toString()).doesNotContain("\"references\"");
      for (String name : names(schema)) {
        assertThat(schema.toString().split("\"name\":\"" + name + "\"", -1)).hasSize(2);
      }
    }
  }

  private static List<String> names(Schema schema) {
    List<String> names = new ArrayList<>();
    Deque<Schema> open = new ArrayDeque<>(List.of(schema));
    while (!open.isEmpty()) {
      Schema next = open.pop();
      switch (next.getType()) {
        case RECORD -> {
          if (!names.contains(next.getName())) {
            names.add(next.getName());
            next.getFields().forEach(field -> open.push(field.schema()));
          }
        }
        case ARRAY -> open.push(next.getElementType());
        case MAP -> open.push(next.getValueType());
        case UNION -> next.getTypes().forEach(open::push);
        default -> {}
      }
    }
    return names;
  }

  private static Schema parse(String json) {
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }
}
