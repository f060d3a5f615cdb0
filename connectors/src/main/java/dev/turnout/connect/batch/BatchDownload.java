package dev.turnout.connect.batch;

import dev.turnout.topic.LogText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a file of OpenAI's batch API from a URL into a folder, under a name that ends with the
 * digest of its content: the same content is the same file, however often it is fetched and by
 * whomever. No redirect is followed. Confined to one thread.
 */
public final class BatchDownload {
  private static final Logger LOG = LoggerFactory.getLogger(BatchDownload.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int DIGITS = 12;
  private static final int CHUNK = 64 * 1024;

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final URI url;
  private final Path folder;
  private final long mostBytes;
  private @Nullable String tag;

  /**
   * @param url whose host may be asked
   * @param folder where the file goes
   * @param mostBytes of the file
   */
  public BatchDownload(URI url, Path folder, long mostBytes) {
    this.url = url;
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /**
   * Fetches the file if it has changed. What goes wrong is logged, and another time is tried.
   *
   * @return whether a file came that was not there
   */
  public boolean fetch() throws InterruptedException {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(ANSWER);
      if (tag != null) {
        request.header("If-None-Match", tag);
      }
      HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() == 304) {
          return false;
        }
        if (answer.statusCode() != 200) {
          tell("the server answered " + answer.statusCode());
          return false;
        }
        boolean isNew = keep(body);
        tag = answer.headers().firstValue("ETag").orElse(null);
        return isNew;
      }
    } catch (IOException failed) {
      tell(String.valueOf(failed.getMessage()));
      return false;
    }
  }

  private boolean keep(InputStream body) throws IOException {
    Path unfinished = folder.resolve("." + name() + ".unfinished");
    MessageDigest digest = sha256();
    try (OutputStream file = new DigestOutputStream(Files.newOutputStream(unfinished), digest)) {
      byte[] chunk = new byte[CHUNK];
      long bytes = 0;
      for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
        bytes += read;
        if (bytes > mostBytes) {
          throw new IOException(
              "the file has more than " + mostBytes + " bytes; raise url.max.bytes or split it");
        }
        file.write(chunk, 0, read);
      }
    } catch (IOException broken) {
      Files.deleteIfExists(unfinished);
      throw broken;
    }
    String hex = HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    Path whole = folder.resolve(name() + "-" + hex + ".jsonl");
    if (Files.exists(whole)) {
      Files.delete(unfinished);
      return false;
    }
    Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  private String name() {
    return BatchKeys.batchOf(String.valueOf(url.getPath()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every JVM has SHA-256", never);
    }
  }

  private void tell(String why) {
    LOG.atWarn()
        .addKeyValue("url", LogText.of(url.getScheme() + "://" + url.getAuthority()))
        .addKeyValue("why", LogText.of(why))
        .log("the batch file was not fetched; it is tried again after url.poll.ms");
  }
}
