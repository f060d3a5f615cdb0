package dev.turnout.registry.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.registry.RegisteredSchema;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.errors.SerializationException;

/** The registry's REST API, as far as serdes need it. Asks each time: caching is another's task. */
public final class RestRegistryClient implements SchemaRegistryClient {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The registry's codes for: subject, version and schema not found. */
  private static final int SUBJECT_NOT_FOUND = 40401;

  private static final int SCHEMA_NOT_FOUND = 40403;

  private final RegistryHttp http;

  /** Opens no connection before the first request. */
  public RestRegistryClient(RegistrySettings settings) {
    this.http = new RegistryHttp(settings);
  }

  @Override
  public int register(String subject, Schema schema) {
    JsonNode answer =
        http.send("POST", "/subjects/" + encoded(subject) + "/versions", body(schema));
    return answer.required("id").asInt();
  }

  @Override
  public int idOf(String subject, Schema schema) {
    try {
      return http.send("POST", "/subjects/" + encoded(subject), body(schema))
          .required("id")
          .asInt();
    } catch (RegistryRefusedException refused) {
      throw unknown(
          refused,
          "schema "
              + schema.getFullName()
              + " is not registered under subject "
              + subject
              + "; register it there, or set auto.register.schemas=true");
    }
  }

  @Override
  public Schema schemaById(int id) {
    JsonNode answer;
    try {
      answer = http.send("GET", "/schemas/ids/" + id, null);
    } catch (RegistryRefusedException refused) {
      throw unknown(refused, "schema id " + id + " is unknown at " + http.urls());
    }
    return parse(answer, "schema id " + id);
  }

  @Override
  public RegisteredSchema latest(String subject) {
    JsonNode answer;
    try {
      answer = http.send("GET", "/subjects/" + encoded(subject) + "/versions/latest", null);
    } catch (RegistryRefusedException refused) {
      throw unknown(
          refused,
          "subject "
              + subject
              + " has no schema at "
              + http.urls()
              + "; register one there, or set use.latest.version=false");
    }
    return new RegisteredSchema(
        subject,
        answer.required("version").asInt(),
        answer.required("id").asInt(),
        parse(answer, "subject " + subject));
  }

  /** Only the registry's own codes count: a wrong path answers 404 as well. */
  private static RuntimeException unknown(RegistryRefusedException refused, String message) {
    return refused.errorCode() >= SUBJECT_NOT_FOUND && refused.errorCode() <= SCHEMA_NOT_FOUND
        ? new UnknownSchemaException(message)
        : refused;
  }

  private static Schema parse(JsonNode answer, String what) {
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new SerializationException(
          what + " is a " + type + " schema; Turnout reads records written with Avro");
    }
    try {
      return new Schema.Parser().parse(answer.required("schema").asText());
    } catch (SchemaParseException broken) {
      throw new SerializationException(what + " is not a valid Avro schema", broken);
    }
  }

  private static String body(Schema schema) {
    ObjectNode body = JSON.createObjectNode();
    body.put("schema", schema.toString());
    return body.toString();
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
