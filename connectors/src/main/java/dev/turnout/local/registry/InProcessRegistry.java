package dev.turnout.local.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.topic.LogText;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Schema Registry for Avro on a local port, with the REST API that every Confluent-compatible
 * client speaks: subjects, versions, ids, compatibility rules, modes. No authentication and no
 * schema references; an installation that needs those brings its own registry.
 */
public final class InProcessRegistry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(InProcessRegistry.class);
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final String HOST = "localhost";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistryStore store;
  private final Javalin server;

  private InProcessRegistry(RegistryStore store) {
    this.store = store;
    this.server =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.jetty.threadPool = new QueuedThreadPool(12, 2);
            });
  }

  /**
   * Starts a registry on localhost.
   *
   * @param port port; 0 takes a free one
   * @param file where schemas and ids are kept; null keeps them in memory only
   * @throws IllegalStateException if the port is taken or the file is unreadable, naming it
   */
  public static InProcessRegistry start(int port, @Nullable Path file) {
    InProcessRegistry registry = new InProcessRegistry(new RegistryStore(new RegistryFile(file)));
    registry.routes();
    try {
      registry.server.start(HOST, port);
    } catch (JavalinBindException taken) {
      throw new IllegalStateException(
          "port "
              + port
              + " is taken: stop what listens there, or choose another port for the"
              + " schema registry (0 takes a free one)",
          taken);
    }
    return registry;
  }

  /** Base URL for clients, e.g. {@code http://localhost:8081}. */
  public String url() {
    return "http://" + HOST + ":" + server.port();
  }

  /** Port for clients. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  private void routes() {
    subjectRoutes();
    schemaRoutes();
    ruleRoutes();
    server.get("/", context -> answer(context, Map.of()));
    server.exception(
        RegistryError.class,
        (error, context) -> refuse(context, error.status(), error.code(), error.getMessage()));
    server.exception(
        HttpResponseException.class,
        (error, context) ->
            refuse(context, error.getStatus(), error.getStatus(), error.getMessage()));
    server.exception(
        Exception.class,
        (error, context) -> {
          LOG.atError()
              .setMessage("registry request failed")
              .addKeyValue("method", context.method())
              .addKeyValue("path", LogText.of(context.path()))
              .setCause(error)
              .log();
          refuse(context, 500, 50001, "Internal error: " + error.getMessage());
        });
  }

  private void subjectRoutes() {
    server.get("/subjects", context -> answer(context, store.subjects()));
    server.post(
        "/subjects/{subject}",
        context -> answer(context, version(store.lookup(subject(context), schema(context)))));
    server.delete(
        "/subjects/{subject}",
        context -> answer(context, store.delete(subject(context), flag(context, "permanent"))));
    server.get(
        "/subjects/{subject}/versions",
        context -> answer(context, store.versions(subject(context))));
    server.post(
        "/subjects/{subject}/versions",
        context ->
            answer(context, Map.of("id", store.register(subject(context), schema(context)))));
    server.get(
        "/subjects/{subject}/versions/{version}",
        context ->
            answer(
                context, version(store.version(subject(context), context.pathParam("version")))));
    server.get(
        "/subjects/{subject}/versions/{version}/schema",
        context ->
            context
                .contentType(MEDIA_TYPE)
                .result(store.version(subject(context), context.pathParam("version")).schema()));
    server.delete(
        "/subjects/{subject}/versions/{version}",
        context ->
            answer(context, store.deleteVersion(subject(context), context.pathParam("version"))));
    server.post(
        "/compatibility/subjects/{subject}/versions",
        context -> answer(context, verdict(context, null)));
    server.post(
        "/compatibility/subjects/{subject}/versions/{version}",
        context -> answer(context, verdict(context, context.pathParam("version"))));
  }

  private void schemaRoutes() {
    server.get("/schemas/types", context -> answer(context, List.of("AVRO")));
    server.get(
        "/schemas/ids/{id}",
        context -> answer(context, Map.of("schema", store.schema(id(context)))));
    server.get(
        "/schemas/ids/{id}/schema",
        context -> context.contentType(MEDIA_TYPE).result(store.schema(id(context))));
    server.get(
        "/schemas/ids/{id}/subjects",
        context ->
            answer(
                context,
                store.uses(id(context)).stream().map(RegistryStore.Found::subject).toList()));
    server.get(
        "/schemas/ids/{id}/versions",
        context ->
            answer(
                context,
                store.uses(id(context)).stream()
                    .map(use -> Map.of("subject", use.subject(), "version", use.version()))
                    .toList()));
  }

  private void ruleRoutes() {
    server.get("/config", context -> answer(context, level(store.rule(RegistryStore.GLOBAL))));
    server.put("/config", context -> answer(context, setRule(context, RegistryStore.GLOBAL)));
    server.get(
        "/config/{subject}",
        context -> {
          Compatibility own = store.ownRule(subject(context));
          if (own == null && !flag(context, "defaultToGlobal")) {
            throw new RegistryError(
                404,
                40408,
                "Subject '"
                    + subject(context)
                    + "' does not have subject-level compatibility configured");
          }
          answer(context, level(own == null ? store.rule(subject(context)) : own));
        });
    server.put("/config/{subject}", context -> answer(context, setRule(context, subject(context))));
    server.delete(
        "/config/{subject}",
        context -> {
          Compatibility old = store.rule(subject(context));
          store.rule(subject(context), null);
          answer(context, level(old));
        });
    server.get("/mode", context -> answer(context, mode(RegistryStore.GLOBAL)));
    server.put("/mode", context -> answer(context, setMode(context, RegistryStore.GLOBAL)));
    server.get("/mode/{subject}", context -> answer(context, mode(subject(context))));
    server.put("/mode/{subject}", context -> answer(context, setMode(context, subject(context))));
  }

  private Map<String, Object> verdict(Context context, @Nullable String version) {
    List<String> problems = store.problems(subject(context), version, schema(context));
    return flag(context, "verbose")
        ? Map.of("is_compatible", problems.isEmpty(), "messages", problems)
        : Map.of("is_compatible", problems.isEmpty());
  }

  private Map<String, String> setRule(Context context, String subject) {
    String name = body(context).path("compatibility").asText("");
    store.rule(subject, Compatibility.named(name));
    return Map.of("compatibility", store.rule(subject).name());
  }

  private Map<String, String> setMode(Context context, String subject) {
    store.mode(subject, body(context).path("mode").asText(""));
    return mode(subject);
  }

  private Map<String, String> mode(String subject) {
    return Map.of("mode", store.mode(subject));
  }

  private static Map<String, String> level(Compatibility rule) {
    return Map.of("compatibilityLevel", rule.name());
  }

  private static Map<String, Object> version(RegistryStore.Found found) {
    return Map.of(
        "subject", found.subject(),
        "version", found.version(),
        "id", found.id(),
        "schema", found.schema());
  }

  private static String subject(Context context) {
    return context.pathParam("subject");
  }

  private static int id(Context context) {
    try {
      return Integer.parseInt(context.pathParam("id"));
    } catch (NumberFormatException notNumber) {
      throw RegistryError.schemaNotFound("id " + context.pathParam("id"));
    }
  }

  private static boolean flag(Context context, String name) {
    return Boolean.parseBoolean(context.queryParam(name));
  }

  private static String schema(Context context) {
    JsonNode body = body(context);
    String type = body.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new RegistryError(422, 42201, "Invalid schema type " + type + "; only AVRO is known");
    }
    if (!body.path("references").isEmpty()) {
      throw new RegistryError(
          422, 42201, "Schema references are not supported here; put the types into the schema");
    }
    if (!body.path("schema").isTextual()) {
      throw new RegistryError(422, 42201, "The body has no \"schema\" with the schema's text");
    }
    return body.path("schema").asText();
  }

  private static JsonNode body(Context context) {
    try {
      return JSON.readTree(context.body());
    } catch (JsonProcessingException notJson) {
      throw new RegistryError(400, 400, "The body is not JSON: " + notJson.getOriginalMessage());
    }
  }

  private static void answer(Context context, Object value) throws JsonProcessingException {
    context.contentType(MEDIA_TYPE).result(JSON.writeValueAsString(value));
  }

  private static void refuse(Context context, int status, int code, @Nullable String message) {
    String body =
        JSON.createObjectNode()
            .put("error_code", code)
            .put("message", message == null ? "" : message)
            .toString();
    context.status(status).contentType(MEDIA_TYPE).result(body);
  }
}
