package dev.turnout.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.schema.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {
  private static final String HASH = KeySecret.hash("secret");

  @TempDir Path dir;

  @Test
  void shouldReadWhatItWrote() throws IOException {
    // given
    ApiKey full =
        ApiKey.newBuilder()
            .setId("full")
            .setHash(HASH)
            .setTenant("acme")
            .setDescription("the \"CRM\"")
            .setAsk(true)
            .setDecide(true)
            .setGraders(List.of("user", "expert"))
            .setReadTenants(List.of("*"))
            .setAdminister(true)
            .setRequestsPerMinute(60L)
            .setTokensPerMinute(100_000L)
            .setConcurrency(3)
            .setAllowedLlms(List.of("a/b"))
            .setExpiresAt(Instant.ofEpochMilli(1_900_000_000_123L))
            .setRevokedAt(Instant.ofEpochMilli(1_800_000_000_000L))
            .setCreatedAt(Instant.ofEpochMilli(1_700_000_000_000L))
            .build();
    ApiKey small =
        ApiKey.newBuilder()
            .setId("small")
            .setHash(HASH)
            .setTenant("t")
            .setCreatedAt(Instant.EPOCH)
            .build();
    KeyFile file = new KeyFile(dir.resolve("keys.json"));

    // when
    file.write(List.of(full, small));

    // then
    assertThat(file.read()).containsExactly(full, small);
    try (var files = Files.list(dir)) {
      assertThat(files).hasSize(1);
    }
    assertThat(KeyJson.shown(full).toString()).doesNotContain(HASH).contains("\"acme\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | it is no JSON",
        "[] | it is no object with a list \"keys\"",
        "{'keys':[{'id':'a','tenant':'t'}]} | key \"a\": \"hash\" is missing",
        "{'keys':[{'id':'a','hash':'HASH'}]} | key \"a\": \"tenant\" is missing",
        "{'keys':[{'id':'a','hash':'x','tenant':'t'}]} | key \"a\": its hash is not a SHA-256",
        "{'keys':[{'id':'a b','hash':'HASH','tenant':'t'}]} | key \"a b\": an id is 1 to 64",
        "{'keys':[{'id':'a','hash':'HASH','tenant':'t:u'}]} | without a colon",
        "{'keys':[{'id':'a','hash':'HASH','tenant':'t','requests_per_minut':5}]} | unknown",
        "{'keys':[{'id':'a','hash':'HASH','tenant':'t','concurrency':0}]} | leaves nothing",
        "{'keys':[{'id':'a','hash':'HASH','tenant':'t','concurrency':'5'}]} | no whole number",
        "{'keys':[{'id':'a','hash':'HASH','tenant':'t','ask':'yes'}]} | neither true nor false",
        "{'keys':[{'id':'a','hash':'HASH','tenant':'t','graders':'user'}]} | no list",
        "{'keys':[{'id':'a','hash':'HASH','tenant':'t','expires_at':'soon'}]} | no time such as",
        "{'keys':[{'id':'a','hash':'HASH','tenant':'t'},{'id':'a','hash':'HASH','tenant':'t'}]}"
            + " | is there twice"
      })
  void shouldSayWhatIsWrong(String content, String problem) throws IOException {
    // given
    Path path = dir.resolve("keys.json");
    Files.writeString(path, content.replace('\'', '"').replace("HASH", HASH));

    // when, then
    assertThatThrownBy(() -> new KeyFile(path).read())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(problem)
        .hasMessageNotContaining(HASH);
  }

  @Test
  void shouldNameAFileThatIsNotThere() {
    Path path = dir.resolve("none.json");

    assertThatThrownBy(() -> new KeyFile(path).read())
        .hasMessageContaining(path.toString())
        .hasMessageContaining("NoSuchFile");
  }
}
