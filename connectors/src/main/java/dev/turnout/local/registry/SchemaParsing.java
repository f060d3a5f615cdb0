package dev.turnout.local.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * Parses a schema together with what it refers to: the references first, each after its own, in one
 * context in which a name means one type.
 */
final class SchemaParsing {

  private static final int DEEPEST = 16;
  private static final int MOST = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Function<SchemaReference, SchemaText> stored;
  private final Schema.Parser parser = new Schema.Parser();
  private final Set<SchemaReference> seen = new HashSet<>();

  /**
   * @param stored finds what a reference names; throws {@link RegistryError} if it is not there
   */
  SchemaParsing(Function<SchemaReference, SchemaText> stored) {
    this.stored = stored;
  }

  /**
   * The schema with all its types.
   *
   * @throws RegistryError if it is not valid
   */
  Schema parse(SchemaText schema) {
    return parse(schema, 0);
  }

  private Schema parse(SchemaText schema, int depth) {
    for (SchemaReference reference : schema.references()) {
      // the name is the producer's; subject and version say which schema it is
      if (!seen.add(new SchemaReference("", reference.subject(), reference.version()))) {
        continue;
      }
      if (depth >= DEEPEST || seen.size() > MOST) {
        throw RegistryError.invalid(
            "it refers to more than "
                + MOST
                + " other schemas, or more than "
                + DEEPEST
                + " deep; put the types into the schema");
      }
      Schema unusedType = parse(stored.apply(reference), depth + 1);
    }
    try {
      return parser.parse(schema.text());
    } catch (RuntimeException | StackOverflowError invalid) {
      throw RegistryError.invalid(
          invalid instanceof StackOverflowError ? "it nests too deep" : invalid.getMessage());
    }
  }

  /** A text in the one form by which equal schemas are found. */
  static String canonical(String text, Schema parsed, List<SchemaReference> references) {
    if (references.isEmpty()) {
      return parsed.toString();
    }
    try {
      // printed by Avro it would hold the types that it refers to
      return JSON.readTree(text).toString();
    } catch (JsonProcessingException notJson) {
      throw RegistryError.invalid(notJson.getOriginalMessage());
    }
  }
}
