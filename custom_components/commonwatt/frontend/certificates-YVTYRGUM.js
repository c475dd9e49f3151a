/* CommonWatt, MIT. Contains Lit (BSD-3-Clause) and MDI icons (Apache-2.0). */
import{a as h,b as o,d as n,e as f,f as a,g as p,i as m,j as v,n as d,r as u,t as g,u as $,w as c}from"./chunk-EZPL5YGL.js";import{a as l}from"./chunk-YLCQAMB4.js";var w=8,i=class extends f{constructor(){super(...arguments);this.dark=!1;this.results=new Map;this.all=!1}static{this.styles=[g,$,h`:host{display:block;}code{font-size:12px;color:var(--cw-quiet);}.result{display:inline-flex;align-items:center;gap:6px;min-height:44px;padding:0 8px;font-size:14px;font-weight:500;}.good,.good .icon{color:var(--cw-accent);}.bad{color:var(--error-color, #b3261e);}.title{font-size:14px;line-height:20px;overflow-wrap:anywhere;}`]}render(){let e=this.context;if(!e)return n;let t=e.s.proof.certificates;if(t.length===0)return o`<p class="empty">${e.t("certificates_none")}</p>`;let s=this.all?t:t.slice(0,w);return o`<ul class="rows" data-test="certificates">
${s.map(r=>this.row(e,r))}
</ul>
${s.length<t.length?o`<button class="plain" @click=${()=>this.all=!0}>${e.t("rest_homes",{count:t.length-s.length})}</button>`:n}`}row(e,t){let s=t.mine?"certificate_mine":"certificate_theirs",r=t.mine?u(e,t.producer):u(e,t.holder),y=[d(e.t,"source",t.source),...t.stored?[e.t("certificate_stored")]:[]].join(", ");return o`<li>
${c("certificate")}
<div class="grow">
<div class="title"><span class="num">${v(e.f.energy(t.energy_wh))}</span> ${y} · ${r}</div>
<div class="small quiet">
<span class="num">${e.f.moment(t.start,e.s.now.at)}</span> · ${e.t(s)} ·
${d(e.t,"certificate",t.state)} · <code>${t.id.slice(0,8)}</code>
</div>
</div>
${this.check(e,t)}
</li>`}check(e,t){let s=this.results.get(t.id);if(s===!0)return o`<span class="result good" role="status">${c("check",20)}${e.t("verified")}</span>`;if(s!==void 0)return o`<span class="result bad" role="status">${s===!1?e.t("verify_failed"):s}</span>`;let r=`${e.t("verify")} ${t.id.slice(0,8)}`;return o`<button aria-label=${r} @click=${()=>this.verify(e,t)}>${e.t("verify")}</button>`}async verify(e,t){let s;try{let r=await e.act.verify(t);s=r.valid&&r.certificate.id===t.id}catch(r){s=m(e.t,r)}this.results=new Map(this.results).set(t.id,s)}};l([a({attribute:!1})],i.prototype,"context",2),l([a({type:Boolean,reflect:!0})],i.prototype,"dark",2),l([p()],i.prototype,"results",2),l([p()],i.prototype,"all",2);export{i as CommonWattCertificates};
