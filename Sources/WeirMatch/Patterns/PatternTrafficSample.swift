/// A page of what edge links carry in the clear, by which the builder weighs windows and filters.
///
/// Written for this purpose: only the mixture of letters matters, not the words.
enum PatternTrafficSample {
  static let bytes = Array(text.utf8)

  private static let text = """
    GET /assets/app/main.bundle.js?v=20260114 HTTP/1.1\r
    Host: www.garden-supplies.example\r
    User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8\r
    Accept-Language: en-US,en;q=0.5\r
    Accept-Encoding: gzip, deflate, br\r
    Referer: https://www.garden-supplies.example/catalog/tools/spades.html\r
    Cookie: session=8f3c2a77d1e04b5b; consent=necessary; lang=en\r
    Connection: keep-alive\r
    Cache-Control: max-age=0\r
    \r
    HTTP/1.1 200 OK\r
    Server: nginx\r
    Date: Wed, 14 Jan 2026 09:26:53 GMT\r
    Content-Type: text/html; charset=utf-8\r
    Content-Length: 5120\r
    Last-Modified: Tue, 13 Jan 2026 18:00:00 GMT\r
    ETag: "5f8a-62b1c"\r
    Set-Cookie: id=a3fWa; Expires=Thu, 31 Dec 2026 23:59:59 GMT; Secure; HttpOnly; Path=/\r
    \r
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>Spades and forks</title>
    <link rel="stylesheet" href="/static/css/site.min.css"><script src="/static/js/site.js"></script>
    </head><body class="page"><div id="content"><h1>Spades and forks</h1>
    <p>The blade of a good spade is forged from one piece of steel, and the handle is made of ash. Before you
    order, please read what other people have written about this product, because the weight of it matters more
    than the price. There are three sizes; the smallest one will also do for children and for window boxes.</p>
    <ul><li><a href="/catalog/item.php?id=4711&amp;page=2">More information</a></li></ul>
    <form action="/search" method="post"><input type="text" name="query" value=""/></form></div></body></html>
    {"status":"ok","user":{"id":18231,"name":"Jordan Winter","email":"jordan@mail.example","active":true},
    "items":[{"sku":"SP-0042","count":3,"price":24.95,"tags":["steel","garden"]}],"next":null,"error":false}
    function update(event) { var list = document.getElementById("items"); if (!list) { return false; }
    for (let i = 0; i < list.length; i++) { list[i].addEventListener("click", onClick); } return true; }
    .nav a:hover{color:#336699;margin:0 auto;padding:4px 8px;background-color:#ffffff;font-size:14px}
    Jan 14 09:26:53 gateway sshd[2817]: Failed password for invalid user admin from 192.0.2.44 port 50122 ssh2
    192.0.2.17 - - [14/Jan/2026:09:26:53 +0000] "POST /api/v1/login HTTP/1.1" 401 532 "-" "curl/8.5.0"
    2026-01-14T09:26:53.118Z INFO worker-3 request completed method=GET path=/health status=200 duration=4ms
    EHLO mail.example\r\nMAIL FROM:<office@mail.example>\r\nRCPT TO:<info@shop.example>\r\nDATA\r\nSubject: Re: order
    Hello, thank you for your letter. We have sent the parcel this morning and it should be with you on Friday.
    SELECT name, address FROM customers WHERE id = 42 AND deleted = 0 ORDER BY name LIMIT 100;
    www.example.com cdn.images.example.net api.service.example.org update.download.example mail01.example.edu
    C:\\Windows\\System32\\cmd.exe /c powershell -NoProfile -Command "Get-Process" > %TEMP%\\out.txt
    /usr/bin/python3 /srv/project/setup.py install --prefix=/usr/local && chmod +x ./run.sh
    """
}
