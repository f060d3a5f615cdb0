package dev.turnout.local.registry;

import static dev.turnout.local.registry.RegistryRules.GLOBAL;

import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The paths of Confluent's REST API that this registry has, and what each does. */
final class RegistryRoutes {

  /** First words of the paths that Confluent's registry has; other paths are nobody's. */
  private static final Set<String> CONFLUENT =
      Set.of(
          "subjects",
          "schemas",
          "config",
          "mode",
          "compatibility",
          "contexts",
          "exporters",
          "dek-registry",
          "catalog",
          "security",
          "v1");

  private final RegistryStore store;
  private final Javalin server;

  private RegistryRoutes(RegistryStore store, Javalin server) {
    this.store = store;
    this.server = server;
  }

  static void add(RegistryStore store, Javalin server) {
    RegistryRoutes routes = new RegistryRoutes(store, server);
    routes.subjects();
    routes.schemas();
    routes.compatibility();
    routes.rules();
    routes.modes();
    routes.on(HandlerType.GET, "/", request -> Map.of());
  }

  /** Whether a path that was not found is one that Confluent's registry has. */
  static boolean isConfluents(String path) {
    return path.length() > 1 && CONFLUENT.contains(path.split("/", -1)[1]);
  }

  private void on(HandlerType method, String path, Function<RegistryRequest, Object> answer) {
    server.addHttpHandler(method, path, context -> new RegistryRequest(context).answer(answer));
  }

  private void onText(String path, Function<RegistryRequest, String> text) {
    server.get(
        path,
        context -> {
          RegistryRequest request = new RegistryRequest(context);
          request.requireNoFormat();
          RegistryRequest.write(context, 200, text.apply(request));
        });
  }

  private void subjects() {
    on(
        HandlerType.GET,
        "/subjects",
        request -> request.page(store.subjects(request.text("subjectPrefix"), request.filter())));
    on(
        HandlerType.POST,
        "/subjects/{subject}",
        request -> shown(store.lookup(request.subject(), request.schema(), request.filter())));
    on(
        HandlerType.DELETE,
        "/subjects/{subject}",
        request -> store.delete(request.subject(), request.flag("permanent")));
    on(
        HandlerType.GET,
        "/subjects/{subject}/versions",
        request -> request.page(store.versions(request.subject(), request.filter())));
    on(
        HandlerType.POST,
        "/subjects/{subject}/versions",
        request -> Map.of("id", store.register(request.subject(), request.schema())));
    on(
        HandlerType.GET,
        "/subjects/{subject}/versions/{version}",
        request -> {
          request.requireNoFormat();
          return shown(version(request));
        });
    onText(
        "/subjects/{subject}/versions/{version}/schema",
        request -> version(request).schema().text());
    on(
        HandlerType.GET,
        "/subjects/{subject}/versions/{version}/referencedby",
        request -> store.referencedBy(request.subject(), request.version()));
    on(
        HandlerType.DELETE,
        "/subjects/{subject}/versions/{version}",
        request ->
            store.deleteVersion(request.subject(), request.version(), request.flag("permanent")));
  }

  private RegistryStore.Found version(RegistryRequest request) {
    return store.version(request.subject(), request.version(), request.filter());
  }

  private void schemas() {
    on(HandlerType.GET, "/schemas/types", request -> List.of("AVRO"));
    on(HandlerType.GET, "/contexts", request -> List.of("."));
    on(
        HandlerType.GET,
        "/schemas",
        request -> {
          List<RegistryStore.Found> all =
              store.schemas(request.text("subjectPrefix"), request.filter());
          if (request.flag("latestOnly")) {
            Map<String, RegistryStore.Found> latest = new LinkedHashMap<>();
            all.forEach(each -> latest.put(each.subject(), each));
            all = List.copyOf(latest.values());
          }
          return request.page(all).stream().map(RegistryRoutes::shown).toList();
        });
    on(
        HandlerType.GET,
        "/schemas/ids/{id}",
        request -> {
          request.requireNoFormat();
          Map<String, Object> answer = text(store.schema(request.id()));
          if (request.flag("fetchMaxId")) {
            answer.put("maxId", store.lastId());
          }
          return answer;
        });
    onText("/schemas/ids/{id}/schema", request -> store.schema(request.id()).text());
    on(
        HandlerType.GET,
        "/schemas/ids/{id}/subjects",
        request ->
            request.page(
                uses(request).stream().map(RegistryStore.Found::subject).distinct().toList()));
    on(
        HandlerType.GET,
        "/schemas/ids/{id}/versions",
        request ->
            request.page(
                uses(request).stream().map(use -> new Use(use.subject(), use.version())).toList()));
  }

  private record Use(String subject, int version) {}

  private List<RegistryStore.Found> uses(RegistryRequest request) {
    String subject = request.text("subject");
    return store.uses(request.id(), request.filter()).stream()
        .filter(use -> subject.isEmpty() || use.subject().equals(subject))
        .toList();
  }

  private void compatibility() {
    on(
        HandlerType.POST,
        "/compatibility/subjects/{subject}/versions",
        request -> verdict(request, null));
    on(
        HandlerType.POST,
        "/compatibility/subjects/{subject}/versions/{version}",
        request -> verdict(request, request.version()));
  }

  private Map<String, Object> verdict(RegistryRequest request, @Nullable String version) {
    List<String> problems = store.problems(request.subject(), version, request.schema());
    return request.flag("verbose")
        ? Map.of("is_compatible", problems.isEmpty(), "messages", problems)
        : Map.of("is_compatible", problems.isEmpty());
  }

  private void rules() {
    on(HandlerType.GET, "/config", request -> level(store.read(rules -> rules.rule(GLOBAL))));
    on(HandlerType.PUT, "/config", request -> setRule(request, GLOBAL));
    on(
        HandlerType.DELETE,
        "/config",
        request -> {
          Compatibility old = store.read(rules -> rules.rule(GLOBAL));
          store.change(rules -> rules.removeRule(GLOBAL));
          return level(old);
        });
    on(
        HandlerType.GET,
        "/config/{subject}",
        request -> {
          Compatibility own = store.read(rules -> rules.ownRule(request.subject()));
          if (own == null && !request.flag("defaultToGlobal")) {
            throw RegistryError.noRule(request.subject());
          }
          return level(store.read(rules -> rules.rule(request.subject())));
        });
    on(HandlerType.PUT, "/config/{subject}", request -> setRule(request, request.subject()));
    on(
        HandlerType.DELETE,
        "/config/{subject}",
        request -> {
          Compatibility old = store.read(rules -> rules.ownRule(request.subject()));
          if (old == null) {
            throw RegistryError.subjectNotFound(request.subject());
          }
          store.change(rules -> rules.removeRule(request.subject()));
          return level(old);
        });
  }

  private Map<String, String> setRule(RegistryRequest request, String subject) {
    Compatibility rule = Compatibility.named(request.body().path("compatibility").asText(""));
    store.change(rules -> rules.setRule(subject, rule));
    return Map.of("compatibility", rule.name());
  }

  private void modes() {
    on(HandlerType.GET, "/mode", request -> mode(store.read(rules -> rules.mode(GLOBAL))));
    on(HandlerType.PUT, "/mode", request -> setMode(request, GLOBAL));
    on(
        HandlerType.GET,
        "/mode/{subject}",
        request -> {
          String own = store.read(rules -> rules.ownMode(request.subject()));
          if (own == null && !request.flag("defaultToGlobal")) {
            throw RegistryError.noMode(request.subject());
          }
          return mode(store.read(rules -> rules.mode(request.subject())));
        });
    on(HandlerType.PUT, "/mode/{subject}", request -> setMode(request, request.subject()));
    on(
        HandlerType.DELETE,
        "/mode/{subject}",
        request -> {
          String old = store.read(rules -> rules.ownMode(request.subject()));
          if (old == null) {
            throw RegistryError.subjectNotFound(request.subject());
          }
          store.change(rules -> rules.removeMode(request.subject()));
          return mode(old);
        });
  }

  private Map<String, String> setMode(RegistryRequest request, String subject) {
    String wanted = request.body().path("mode").asText("");
    store.change(rules -> rules.setMode(subject, wanted));
    return mode(Objects.requireNonNull(store.read(rules -> rules.ownMode(subject))));
  }

  private static Map<String, String> mode(String mode) {
    return Map.of("mode", mode);
  }

  private static Map<String, String> level(Compatibility rule) {
    return Map.of("compatibilityLevel", rule.name());
  }

  private static Map<String, Object> shown(RegistryStore.Found found) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("subject", found.subject());
    answer.put("version", found.version());
    answer.put("id", found.id());
    answer.putAll(text(found.schema()));
    if (found.deleted()) {
      answer.put("deleted", true);
    }
    return answer;
  }

  private static Map<String, Object> text(SchemaText schema) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("schema", schema.text());
    if (!schema.references().isEmpty()) {
      answer.put("references", schema.references());
    }
    return answer;
  }
}
