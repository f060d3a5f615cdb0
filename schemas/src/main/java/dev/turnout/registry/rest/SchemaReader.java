package dev.turnout.registry.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.UnknownSchemaException;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Reads one schema out of a registry's answer, with the schemas it refers to.
 *
 * <p>A schema may leave types out that stand under other subjects: {@code references} names each by
 * subject and version, and those may refer to others again. All are fetched, the innermost first,
 * and parsed in one context, in which a name means one type. Two paths to one version are one
 * version; a circle, which no registry accepts, ends as a name that nothing defines. How deep and
 * how many is bounded, since whoever registers schemas decides about both.
 *
 * <p>What is parsed has been registered, and records have been written with it: names and defaults
 * that today's Avro would refuse in a new schema are taken as they are.
 */
final class SchemaReader {

  static final int DEEPEST = 16;
  static final int MOST = 200;

  private final RegistryHttp http;
  private final String what;
  private final Schema.Parser parser =
      new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
  private final Set<Reference> seen = new HashSet<>();

  private record Reference(String subject, int version) {}

  /**
   * @param what the schema in words, for messages
   */
  SchemaReader(RegistryHttp http, String what) {
    this.http = http;
    this.what = what;
  }

  /**
   * Reads the schema.
   *
   * @param answer with the fields {@code schema}, {@code schemaType} and {@code references}
   * @throws SerializationException if it is none that Turnout can read: it never will be
   * @throws UnknownSchemaException if the registry has lost what it refers to
   * @throws RegistryRefusedException if the answer is not a registry's
   */
  Schema read(JsonNode answer) {
    return read(answer, what, 0);
  }

  private Schema read(JsonNode answer, String name, int depth) {
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new SerializationException(
          name + " is a " + type + " schema; Turnout reads records written with Avro");
    }
    for (JsonNode reference : answer.path("references")) {
      include(reference, depth + 1);
    }
    String text = http.text(answer, "schema", name);
    try {
      return parser.parse(text);
    } catch (RuntimeException | StackOverflowError broken) {
      throw new SerializationException(
          name + " is not a valid Avro schema: " + broken.getMessage(), broken);
    }
  }

  private void include(JsonNode json, int depth) {
    Reference reference =
        new Reference(http.text(json, "subject", what), http.number(json, "version", what));
    if (!seen.add(reference)) {
      return;
    }
    if (depth > DEEPEST || seen.size() > MOST) {
      throw new SerializationException(
          what
              + " refers to more than "
              + MOST
              + " other schemas, or more than "
              + DEEPEST
              + " deep; put the types into the schema itself");
    }
    String name = "subject " + reference.subject() + " version " + reference.version();
    JsonNode answer;
    try {
      // deletion only hides a version: what refers to it stays readable
      answer =
          http.send(
              "GET",
              "/subjects/"
                  + RegistryHttp.encoded(reference.subject())
                  + "/versions/"
                  + reference.version()
                  + "?deleted=true",
              null);
    } catch (RegistryRefusedException refused) {
      throw RestRegistryClient.unknown(
          refused, what + " refers to " + name + ", which is unknown at " + http.urls());
    }
    Schema unusedType = read(answer, name, depth);
  }
}
