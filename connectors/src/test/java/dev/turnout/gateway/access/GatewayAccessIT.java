package dev.turnout.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.gateway.Gateway;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.schema.ApiKey;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import dev.turnout.topic.GroupNames;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys from a real topic and a real file, at a real gateway; nothing answers its queries. */
class GatewayAccessIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String QUESTION = "{\"text\":\"Why is the sky blue?\"}";

  @TempDir static Path dir;

  private static EdgeCluster cluster;
  private static TopicCatalogue topics;
  private static Path keysFile;
  private static Gateway gateway;
  private static TopicCatalogue unread;
  private static Gateway unreadGateway;

  @BeforeAll
  static void start() throws Exception {
    cluster = EdgeCluster.start();
    // a query that no router reads, from early on: it takes some seconds until that shows
    unread = cluster.freshTopics();
    commitAsRouter(0);
    unreadGateway = gateway(unread);
    assertThat(post(unreadGateway, "", "/v1/queries", QUESTION).statusCode()).isEqualTo(202);
    topics = cluster.freshTopics();
    keysFile = Files.writeString(dir.resolve("keys.json"), "{\"keys\":[]}");
    gateway = gateway(topics, "gateway.keys-file", keysFile.toString(), "gateway.tokens", "t0ken");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    unreadGateway.close();
    cluster.close();
  }

  private static void commitAsRouter(long offset) throws Exception {
    try (Admin admin = Admin.create(cluster.kafka())) {
      admin
          .alterConsumerGroupOffsets(
              unread.prefix().replaceFirst("\\.$", "") + "-router",
              Map.of(new TopicPartition(unread.queries(), 0), new OffsetAndMetadata(offset)))
          .all()
          .get();
    }
  }

  private static Gateway gateway(TopicCatalogue of, String... more) {
    String[] all = new String[more.length + 4];
    System.arraycopy(more, 0, all, 4, more.length);
    all[0] = "gateway.host";
    all[1] = "localhost";
    all[2] = "gateway.port";
    all[3] = "0";
    return Gateway.start(GatewaySettings.from(cluster.values(of, all)), new SimpleMeterRegistry());
  }

  /** Makes a key, publishes it and waits until the gateway knows it; returns its secret. */
  private static String key(String id, String tenant, UnaryOperator<ApiKey.Builder> terms)
      throws Exception {
    String secret = KeySecret.create(id);
    publish(topics, terms.apply(builder(id, tenant, secret)).build());
    await(() -> get(secret, "/v1/models/any").statusCode() != 401);
    return secret;
  }

  private static ApiKey.Builder builder(String id, String tenant, String secret) {
    return ApiKey.newBuilder()
        .setId(id)
        .setHash(KeySecret.hash(secret))
        .setTenant(tenant)
        .setAsk(true)
        .setReadTenants(List.of(tenant))
        .setCreatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  private static void publish(TopicCatalogue to, ApiKey key) throws Exception {
    cluster.send(to.keys(), key.getId(), ApiKey.class, key);
  }

  @Test
  void shouldAskForNoKeyUntilThereIsOneAndForOneEverAfter() throws Exception {
    // given a gateway on loopback
    TopicCatalogue fresh = cluster.freshTopics();
    try (Gateway open = gateway(fresh)) {
      HttpResponse<String> anybody =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(open.url() + "/v1/queries"))
                  .header("x-turnout-tenant", "acme")
                  .POST(BodyPublishers.ofString(QUESTION))
                  .build(),
              BodyHandlers.ofString());
      assertThat(anybody.statusCode()).as(anybody.body()).isEqualTo(202);
      Query query = cluster.read(fresh.queries(), Query.class, all -> !all.isEmpty()).get(0);
      assertThat(query.getTenant()).isEqualTo("acme");

      // when there is a key
      String secret = KeySecret.create("first");
      ApiKey key = builder("first", "acme", secret).build();
      publish(fresh, key);

      // then nobody comes in without it
      await(() -> post(open, "", "/v1/queries", QUESTION).statusCode() == 401);
      assertThat(post(open, secret, "/v1/queries", QUESTION).statusCode()).isEqualTo(202);

      // and when it is revoked nobody at all
      publish(fresh, ApiKey.newBuilder(key).setRevokedAt(key.getCreatedAt()).build());
      await(() -> post(open, secret, "/v1/queries", QUESTION).statusCode() == 401);
      assertThat(post(open, "", "/v1/queries", QUESTION).statusCode()).isEqualTo(401);

      // nor by a record that cannot be read
      cluster.sendBytes(fresh.keys(), "first", new byte[] {1, 2, 3});
      publish(fresh, builder("second", "acme", KeySecret.create("second")).build());
      cluster.sendBytes(fresh.keys(), "second", null);
      assertThat(post(open, "", "/v1/queries", QUESTION).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void shouldTakeTheTenantFromTheKeyAlone() throws Exception {
    // given
    String secret = key("tenant-key", "globex", terms -> terms);

    // when, then: whichever header the client's dialect has
    for (String header : List.of("Authorization: Bearer ", "x-api-key: ", "api-key: ")) {
      String[] parts = header.split(": ?", 2);
      HttpResponse<String> asked =
          HTTP.send(
              request("/v1/queries")
                  .header(parts[0], parts[1] + secret)
                  .POST(BodyPublishers.ofString(QUESTION))
                  .build(),
              BodyHandlers.ofString());
      assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
      assertThat(queryOf(asked).getTenant()).isEqualTo("globex");
    }
    HttpResponse<String> byHeader =
        HTTP.send(
            request("/v1/queries")
                .header("x-api-key", secret)
                .header("x-turnout-tenant", "acme")
                .POST(BodyPublishers.ofString(QUESTION))
                .build(),
            BodyHandlers.ofString());
    assertThat(byHeader.statusCode()).isEqualTo(403);
    HttpResponse<String> byBody =
        post(secret, "/v1/queries", "{\"text\":\"Why?\",\"tenant\":\"acme\"}");
    assertThat(error(byBody, 403)).contains("\"globex\"", "\"acme\"");

    // and a plain token is of the default tenant
    assertThat(queryOf(post("t0ken", "/v1/queries", QUESTION)).getTenant()).isEqualTo("default");
  }

  @Test
  void shouldSayTheSameOfEveryKeyThatIsNotValid() throws Exception {
    // given
    Instant past = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
    String expired = KeySecret.create("expired");
    publish(topics, builder("expired", "acme", expired).setExpiresAt(past).build());
    String later = key("later", "acme", terms -> terms);
    assertThat(later).startsWith("sk-turnout-later-");

    // when
    String none = error(post("", "/v1/queries", QUESTION), 401);

    // then
    assertThat(none).contains("x-api-key", "Bearer");
    for (String secret : List.of(expired, "wrong", later + "x", later.substring(1))) {
      assertThat(error(post(secret, "/v1/queries", QUESTION), 401)).isEqualTo(none);
    }

    // and Anthropic's clients read it in their own form
    JsonNode ofAnthropic = JSON.readTree(post("wrong", "/v1/messages", "{}").body());
    assertThat(ofAnthropic.path("type").asText()).isEqualTo("error");
    assertThat(ofAnthropic.path("error").path("type").asText()).isEqualTo("authentication_error");
  }

  @Test
  void shouldLetAKeyDoWhatItMay() throws Exception {
    // given
    String asking = key("asking", "initech", terms -> terms);
    String grading =
        key("grading", "initech", terms -> terms.setAsk(false).setGraders(List.of("user")));
    String stranger =
        key("stranger", "hooli", terms -> terms.setGraders(List.of("user", "expert")));
    String id = idOf(post(asking, "/v1/queries", QUESTION));
    RoutingDecision decision =
        RoutingDecision.newBuilder(EdgeCluster.decision(id, "some-llm"))
            .setTenant("initech")
            .build();
    cluster.send(topics.decisions(), id, RoutingDecision.class, decision);

    // then its tenant reads the decision, for another it is not there
    await(() -> get(asking, "/v1/decisions/" + id).statusCode() == 200);
    assertThat(get(stranger, "/v1/decisions/" + id).statusCode()).isEqualTo(404);
    assertThat(get("t0ken", "/v1/decisions/" + id).statusCode()).isEqualTo(200);

    // and who may grade grades, under its own name
    String grade = "{\"queryId\":\"" + id + "\",\"reward\":1%s}";
    assertThat(error(post(asking, "/v1/feedback", grade.formatted("")), 403)).contains("grade");
    assertThat(post(stranger, "/v1/feedback", grade.formatted("")).statusCode()).isEqualTo(404);
    assertThat(error(post(grading, "/v1/feedback", grade.formatted(",\"grader\":\"judge\"")), 403))
        .contains("\"judge\"", "user");
    assertThat(post(grading, "/v1/feedback", grade.formatted("")).statusCode()).isEqualTo(202);
    List<Grade> grades = cluster.read(topics.feedback(), Grade.class, all -> !all.isEmpty());
    assertThat(grades).extracting(Grade::getGrader).containsExactly("user");

    // and who may not ask does not
    assertThat(error(post(grading, "/v1/queries", QUESTION), 403)).contains("may not ask");
    assertThat(error(post(asking, "/v1/anything", "{}"), 403)).contains("administer");
  }

  @Test
  void shouldKeepIdsOfTenantsApartAndTakeEachOnce() throws Exception {
    // given
    String acme = key("ids-acme", "acme", terms -> terms);
    String hooli = key("ids-hooli", "hooli", terms -> terms);
    String question = "{\"id\":\"order-17\",\"text\":\"Why?\"}";

    // when
    HttpResponse<String> first = post(acme, "/v1/queries", question);
    HttpResponse<String> again = post(acme, "/v1/queries", question);
    HttpResponse<String> ofAnother = post(hooli, "/v1/queries", question);
    HttpResponse<String> otherText =
        post(acme, "/v1/queries", "{\"id\":\"order-17\",\"text\":\"How?\"}");

    // then
    assertThat(idOf(first)).isEqualTo("acme:order-17");
    assertThat(idOf(again)).isEqualTo("acme:order-17");
    assertThat(idOf(ofAnother)).isEqualTo("hooli:order-17");
    assertThat(error(otherText, 409)).contains("acme:order-17");
    String last = idOf(post(acme, "/v1/queries", QUESTION));
    List<Query> queries =
        cluster.read(
            topics.queries(),
            Query.class,
            all -> all.stream().anyMatch(query -> query.getId().equals(last)));
    assertThat(queries)
        .filteredOn(query -> query.getId().endsWith("order-17"))
        .extracting(Query::getId)
        .containsExactly("acme:order-17", "hooli:order-17");

    // and once there is an answer, that is what the same question gets
    Outcome outcome =
        Outcome.newBuilder()
            .setQueryId("acme:order-17")
            .setLlm("some-llm")
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setAnswer("Because.")
            .setTenant("acme")
            .setFinishedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    cluster.send(topics.outcomes(), outcome.getQueryId(), Outcome.class, outcome);
    await(() -> get(acme, "/v1/outcomes/order-17").statusCode() == 200);
    HttpResponse<String> waited = post(acme, "/v1/queries?wait=true", question);
    assertThat(waited.statusCode()).as(waited.body()).isEqualTo(200);
    assertThat(JSON.readTree(waited.body()).path("answer").asText()).isEqualTo("Because.");
    assertThat(get(hooli, "/v1/outcomes/acme:order-17").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldHoldAKeyToItsLimits() throws Exception {
    // given
    String counted = key("counted", "acme", terms -> terms.setRequestsPerMinute(200L));
    String few = key("few", "acme", terms -> terms.setTokensPerMinute(1_000L));
    String single = key("single", "acme", terms -> terms.setConcurrency(1));

    // then requests are counted
    HttpResponse<String> asked = post(counted, "/v1/queries", QUESTION);
    while (asked.statusCode() == 202) {
      assertThat(asked.headers().firstValue("x-ratelimit-limit-requests")).contains("200");
      asked = post(counted, "/v1/queries", QUESTION);
    }
    assertThat(error(asked, 429)).contains("key \"counted\"", "200 requests a minute");
    assertThat(asked.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 61L);

    // and tokens, by estimate: 512 for an answer of unknown length
    HttpResponse<String> firstOfFew = post(few, "/v1/queries", QUESTION);
    assertThat(firstOfFew.statusCode()).isEqualTo(202);
    assertThat(firstOfFew.headers().firstValueAsLong("x-ratelimit-remaining-tokens").orElse(-1))
        .isBetween(400L, 500L);
    assertThat(error(post(few, "/v1/queries", QUESTION), 429)).contains("tokens a minute");

    // and what is open, until it ends
    CompletableFuture<HttpResponse<String>> waiting =
        HTTP.sendAsync(
            request("/v1/queries?wait=true")
                .header("x-api-key", single)
                .POST(BodyPublishers.ofString("{\"id\":\"hangs\",\"text\":\"Why?\"}"))
                .build(),
            BodyHandlers.ofString());
    List<Query> unusedQueries =
        cluster.read(
            topics.queries(),
            Query.class,
            all -> all.stream().anyMatch(query -> query.getId().equals("acme:hangs")));
    assertThat(error(post(single, "/v1/queries", QUESTION), 429)).contains("open requests");
    assertThat(waiting.cancel(true)).isTrue();
  }

  @Test
  void shouldHoldAllKeysOfATenantToItsLimits() throws Exception {
    // given
    String one = key("t-one", "small", terms -> terms);
    String other = key("t-other", "small", terms -> terms);
    cluster.send(
        topics.tenants(),
        "small",
        Tenant.class,
        Tenant.newBuilder()
            .setTenant("small")
            .setTokensPerMinute(1_000L)
            .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build());
    await(
        () ->
            post(one, "/v1/queries", QUESTION)
                .headers()
                .firstValue("x-ratelimit-limit-tokens")
                .isPresent());

    // when, then
    assertThat(error(post(other, "/v1/queries", QUESTION), 429)).contains("tenant \"small\"");
  }

  @Test
  void shouldLetOnlyAllowedLlmsAnswer() throws Exception {
    // given
    String secret = key("choosy", "acme", terms -> terms.setAllowedLlms(List.of("a", "b")));

    // when
    Query any = queryOf(post(secret, "/v1/queries", QUESTION));
    Query some =
        queryOf(
            post(
                secret,
                "/v1/queries",
                "{\"text\":\"Why?\",\"constraints\":{\"allowedLlms\":[\"b\",\"c\"]}}"));
    HttpResponse<String> none =
        post(
            secret, "/v1/queries", "{\"text\":\"Why?\",\"constraints\":{\"allowedLlms\":[\"c\"]}}");

    // then
    assertThat(any.getConstraints().getAllowedLlms()).containsExactly("a", "b");
    assertThat(some.getConstraints().getAllowedLlms()).containsExactly("b");
    assertThat(error(none, 403)).contains("[c]", "[a, b]");
  }

  @Test
  void shouldReadItsFileAgainWheneverThatChanges() throws Exception {
    // given
    String secret = KeySecret.create("of-file");
    KeyFile file = new KeyFile(keysFile);
    ApiKey key = builder("of-file", "acme", secret).build();

    // when, then
    assertThat(post(secret, "/v1/queries", QUESTION).statusCode()).isEqualTo(401);
    file.write(List.of(key));
    await(() -> post(secret, "/v1/queries", QUESTION).statusCode() == 202);

    // a file that cannot be used says so, and the next that can is used
    String good = Files.readString(keysFile);
    Files.writeString(keysFile, good.replace("\"ask\"", "\"aks\""));
    assertThatThrownBy(file::read)
        .hasMessageContaining("keys.json")
        .hasMessageContaining("[aks]")
        .hasMessageContaining("of-file");
    assertThat(post(secret, "/v1/queries", QUESTION).statusCode()).isEqualTo(202);
    String another = KeySecret.create("another");
    file.write(List.of(key, builder("another", "acme", another).build()));
    await(() -> post(another, "/v1/queries", QUESTION).statusCode() == 202);
    assertThat(post(secret, "/v1/queries", QUESTION).statusCode()).isEqualTo(202);

    file.write(List.of());
    await(() -> post(secret, "/v1/queries", QUESTION).statusCode() == 401);
  }

  @Test
  void shouldRefuseAtOnceWhatNoRouterReads() throws Exception {
    // given a router that has not read for a while
    await(() -> post(unreadGateway, "", "/v1/queries", QUESTION).statusCode() == 503);
    HttpResponse<String> refused = post(unreadGateway, "", "/v1/queries", QUESTION);
    assertThat(error(refused, 503)).contains("no router reads");
    assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();

    // when it reads again
    try (Admin admin = Admin.create(cluster.kafka())) {
      TopicPartition partition = new TopicPartition(unread.queries(), 0);
      commitAsRouter(
          admin
              .listOffsets(Map.of(partition, OffsetSpec.latest()))
              .partitionResult(partition)
              .get()
              .offset());
    }

    // then it is asked again
    await(() -> post(unreadGateway, "", "/v1/queries", QUESTION).statusCode() == 202);
  }

  @Test
  void shouldRefuseWhatWouldWaitForEveryLlmThatMayAnswer() throws Exception {
    // given two LLMs, and a gateway that lets few requests wait
    TopicCatalogue queued = cluster.freshTopics("full", "free");
    cluster.add(queued, "full");
    cluster.add(queued, "free");
    try (Gateway narrow = gateway(queued, "gateway.max-backlog", "20")) {
      String pinned = "{\"text\":\"Why?\",\"constraints\":{\"allowedLlms\":[\"full\"]}}";
      assertThat(post(narrow, "", "/v1/queries", pinned).statusCode()).isEqualTo(202);

      // when as many wait for one of them
      for (int i = 0; i < 20; i++) {
        cluster.send(
            queued.requests("full"),
            "w" + i,
            RoutedRequest.class,
            EdgeCluster.request("w" + i, "full", Map.of()));
      }

      // then whoever wants that one is told to come later
      await(() -> post(narrow, "", "/v1/queries", pinned).statusCode() == 429);
      HttpResponse<String> refused = post(narrow, "", "/v1/queries", pinned);
      assertThat(error(refused, 429)).contains("20 requests wait for full", "try again");
      assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();

      // and whoever may be answered by the other is not
      assertThat(post(narrow, "", "/v1/queries", QUESTION).statusCode()).isEqualTo(202);

      // when its workers have done some
      try (Admin admin = Admin.create(cluster.kafka())) {
        admin
            .alterConsumerGroupOffsets(
                GroupNames.consumerWorkers(queued, "full"),
                Map.of(new TopicPartition(queued.requests("full"), 0), new OffsetAndMetadata(10)))
            .all()
            .get();
      }

      // then it is asked again
      await(() -> post(narrow, "", "/v1/queries", pinned).statusCode() == 202);
    }
  }

  private static Query queryOf(HttpResponse<String> accepted) throws Exception {
    String id = idOf(accepted);
    return cluster
        .read(
            topics.queries(),
            Query.class,
            all -> all.stream().anyMatch(query -> query.getId().equals(id)))
        .stream()
        .filter(query -> query.getId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String idOf(HttpResponse<String> accepted) throws Exception {
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    return JSON.readTree(accepted.body()).path("id").asText();
  }

  private static String error(HttpResponse<String> response, int status) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = JSON.readTree(response.body()).path("error");
    return error.path("message").asText();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + path));
  }

  private static HttpResponse<String> post(String secret, String path, String body)
      throws Exception {
    return post(gateway, secret, path, body);
  }

  private static HttpResponse<String> post(Gateway to, String secret, String path, String body)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(to.url() + path))
            .header("Authorization", "Bearer " + secret)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String secret, String path) throws Exception {
    return HTTP.send(
        request(path).header("Authorization", "Bearer " + secret).build(), BodyHandlers.ofString());
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.call()) {
      assertThat(Instant.now()).as("in vain").isBefore(end);
      Thread.sleep(50);
    }
  }
}
