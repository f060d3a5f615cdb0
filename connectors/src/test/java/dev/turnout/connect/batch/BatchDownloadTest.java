package dev.turnout.connect.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchDownloadTest {
  private final List<Integer> answers = new CopyOnWriteArrayList<>();
  private volatile String content = "{\"custom_id\":\"a\"}\n";

  @TempDir private Path folder;
  private HttpServer server;
  private URI url;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jobs/requests.jsonl",
        exchange -> {
          byte[] body = content.getBytes(StandardCharsets.UTF_8);
          String tag = "\"" + content.hashCode() + "\"";
          boolean known = tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
          exchange.getResponseHeaders().add("ETag", tag);
          exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : body.length);
          answers.add(known ? 304 : 200);
          if (!known) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
    url = URI.create("http://localhost:" + server.getAddress().getPort() + "/jobs/requests.jsonl");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldKeepEachContentOnceUnderItsDigest() throws Exception {
    // given
    BatchDownload download = new BatchDownload(url, folder, 1_000);

    // when
    boolean first = download.fetch();
    boolean again = download.fetch();
    boolean byAnother = new BatchDownload(url, folder, 1_000).fetch();
    content = "{\"custom_id\":\"b\"}\n";
    boolean changed = download.fetch();

    // then
    assertThat(List.of(first, again, byAnother, changed)).containsExactly(true, false, false, true);
    assertThat(answers).containsExactly(200, 304, 200, 200);
    assertThat(names()).hasSize(2).allMatch(name -> name.matches("requests-[0-9a-f]{12}\\.jsonl"));
  }

  @Test
  void shouldLeaveNothingOfAFileThatIsTooLargeOrOfAnError() throws Exception {
    // given
    content = "x".repeat(2_000);

    // when
    boolean tooLarge = new BatchDownload(url, folder, 1_000).fetch();
    boolean missing = new BatchDownload(url.resolve("/other"), folder, 1_000).fetch();

    // then
    assertThat(tooLarge).isFalse();
    assertThat(missing).isFalse();
    assertThat(names()).isEmpty();
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
