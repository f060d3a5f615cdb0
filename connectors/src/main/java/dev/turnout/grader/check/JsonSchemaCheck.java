package dev.turnout.grader.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import dev.turnout.grader.Judgement;
import dev.turnout.topic.BoundedText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether the answer is JSON that keeps to a JSON Schema (2020-12 unless its {@code $schema} says
 * otherwise): 1 or 0. The JSON may stand in a fenced block.
 *
 * <p>Schemas may come with queries, so they are bounded: they refer to nothing outside themselves,
 * their patterns are RE2's, and one that could take too many steps on an answer is refused ({@link
 * SchemaSteps}).
 */
public final class JsonSchemaCheck implements Check {
  private static final int DEEPEST = 100;
  private static final int SCHEMAS_KEPT = 100;
  private static final int ERRORS_TOLD = 5;
  private static final int QUOTED = 1_000;
  private static final Pattern FENCED =
      Pattern.compile("(?s)^```[a-zA-Z0-9]*[ \\t]*\\r?\\n(.*?)\\r?\\n[ \\t]*```$");

  private final ObjectMapper json =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private final SchemaRegistryConfig config =
      SchemaRegistryConfig.builder().regularExpressionFactory(new LinearExpressions()).build();
  private final Cache<String, Schema> schemas =
      Caffeine.newBuilder().maximumSize(SCHEMAS_KEPT).build();

  private static final class LinearExpressions implements RegularExpressionFactory {
    @Override
    public RegularExpression getRegularExpression(String regex) {
      Pattern pattern = BoundedPattern.of(regex);
      return value -> pattern.matcher(value).find();
    }
  }

  @Override
  public Optional<Judgement> of(String answer, String expected) {
    JsonNode wanted = schema(expected);
    Matcher fenced = FENCED.matcher(answer);
    JsonNode value;
    try {
      value = json.readTree(fenced.find() ? fenced.group(1) : answer);
    } catch (JsonProcessingException notJson) {
      return wrong("the answer is no JSON: " + notJson.getOriginalMessage());
    }
    if (value == null || value.isMissingNode()) {
      return wrong("the answer is empty");
    }
    SchemaSteps.check(wanted, value);
    List<Error> errors = schemas.get(expected, unread -> compiled(wanted)).validate(value);
    return errors.isEmpty()
        ? Optional.of(Judgement.of(1, "json-schema: the answer keeps to the schema"))
        : wrong(
            errors.stream()
                .limit(ERRORS_TOLD)
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .collect(Collectors.joining("; ")));
  }

  private static Optional<Judgement> wrong(String why) {
    return Optional.of(Judgement.of(0, "json-schema: " + BoundedText.cut(why, QUOTED)));
  }

  private JsonNode schema(String text) {
    try {
      JsonNode schema = json.readTree(text);
      if (schema == null || !(schema.isObject() || schema.isBoolean())) {
        throw new IllegalArgumentException("the schema is no JSON object");
      }
      return schema;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the schema is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private Schema compiled(JsonNode schema) {
    try {
      return SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config))
          .getSchema(schema);
    } catch (SchemaException e) {
      throw new IllegalArgumentException("the schema is none: " + e.getMessage(), e);
    }
  }
}
