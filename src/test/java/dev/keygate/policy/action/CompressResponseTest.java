package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.ChunkedStream;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Runs;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

class CompressResponseTest {
  private static final String POLICY =
      """
      on_http_response:
        - actions: [{type: compress-response}]
      """;
  private static final String TEXT = "the same words again and again; ".repeat(50);

  @Test
  void theClientsFavouriteCodingIsTaken() throws IOException {
    Exchange exchange = Exchanges.request("GET", "/", "", "accept-encoding", "gzip;q=0.5, deflate");
    Response response = Runs.response(POLICY, exchange, Runs.answer(200, "text/plain", TEXT));
    assertThat(response.headers().get("content-encoding")).isEqualTo("deflate");
    assertThat(response.headers().get("vary")).isEqualTo("accept-encoding");
    InputStream plain =
        new InflaterInputStream(new ByteArrayInputStream(Runs.bytes(response).getBytes()));
    assertThat(plain.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(TEXT);
    assertThat(Runs.result(exchange, "compress_response").get("negotiated_algorithm"))
        .isEqualTo("deflate");
  }

  @Test
  void aStreamIsCompressedWhereverItIsCut() throws IOException {
    Buffer body = Buffer.buffer("short");
    for (int cut = 0; cut <= body.length(); cut++) {
      Response response =
          Runs.response(
              POLICY,
              Exchanges.request("GET", "/", "", "accept-encoding", "*"),
              Runs.streamed("text/plain", ChunkedStream.cutAt(body, cut)));
      byte[] compressed = Runs.bytes(response).getBytes();
      InputStream plain = new GZIPInputStream(new ByteArrayInputStream(compressed));
      assertThat(plain.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("short");
    }
  }

  @Test
  void aStreamThatIsNotReadToItsEndHoldsNoCompressor() {
    Exchange exchange = Exchanges.request("GET", "/", "", "accept-encoding", "gzip");
    ChunkedStream chunks = new ChunkedStream(List.of(Buffer.buffer("a"), Buffer.buffer("b")));
    Response response = Runs.response(POLICY, exchange, Runs.streamed("text/plain", chunks));
    List<Buffer> given = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    ReadStream<Buffer> read = ((ResponseBody.Streamed) response.body()).source();
    read.handler(given::add).exceptionHandler(failures::add).fetch(1);
    exchange.finished();
    read.fetch(1);
    assertThat(given).hasSize(1);
    assertThat(failures).hasSize(1); // a compressor that was ended takes no more
  }

  @Test
  void nothingIsCompressedTwiceOrUnasked() {
    Response coded = Runs.answer(200, "text/plain", TEXT);
    coded.headers().set("content-encoding", "br");
    Exchange asked = Exchanges.request("GET", "/", "", "accept-encoding", "gzip");
    assertThat(Runs.response(POLICY, asked, coded)).isSameAs(coded);

    Response plain = Runs.answer(200, "text/plain", TEXT);
    assertThat(Runs.response(POLICY, Exchanges.get("/"), plain)).isSameAs(plain);
    Exchange refused = Exchanges.request("GET", "/", "", "accept-encoding", "gzip;q=0");
    assertThat(Runs.response(POLICY, refused, plain)).isSameAs(plain);
  }
}
